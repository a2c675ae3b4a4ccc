//! The part of `up` that concerns phases: which job has to run again, and why.

use std::collections::BTreeSet;

use super::Op;
use super::up::Builder;
use crate::env::environment::Phase;
use crate::env::facts::{Memory, Role, State};
use crate::event::NodeId;

impl Builder<'_> {
    /// A phase. Returns the nodes to wait for: its own, or those that it would have waited for.
    pub(super) fn phase(&mut self, name: &str) -> BTreeSet<usize> {
        if let Some(known) = self.phases.get(name) {
            return known.clone();
        }
        let nodes = self.plan_phase(name);
        self.phases.insert(name.to_owned(), nodes.clone());
        nodes
    }

    fn plan_phase(&mut self, name: &str) -> BTreeSet<usize> {
        let Some(phase) = self.environment.phases.get(name) else { return BTreeSet::new() };
        let id = NodeId::new("phase", name);
        let before: BTreeSet<usize> = phase.after.iter().flat_map(|other| self.phase(other)).collect();
        for other in &phase.follows {
            self.phase(other);
        }
        let mut after: Vec<Option<usize>> = before.iter().copied().map(Some).collect();
        if let Some(container) = self.running_job(name) {
            let op = Op::Follow { phase: name.to_owned(), container };
            return [self.add(id, op, "already running", &after)].into();
        }
        let Some(cause) = self.reason(phase) else {
            // Nothing to do itself, yet what comes after it still waits for what is before it.
            return before;
        };
        after.extend(phase.needs.iter().map(|service| self.service(service)).collect::<Vec<_>>());
        after.extend(self.ground(&phase.spec));
        [self.add(id, Op::Run(name.to_owned()), cause, &after)].into()
    }

    fn running_job(&self, name: &str) -> Option<String> {
        let job = self.own().find(|container| container.role == Role::Phase(name.to_owned()))?;
        job.state.is_running().then(|| job.id.clone())
    }

    /// Why a phase has to run, if it has to.
    fn reason(&self, phase: &Phase) -> Option<String> {
        if let Some(other) = phase.follows.iter().find(|other| self.runs(other)) {
            return Some(format!("phase:{other} runs"));
        }
        // The newest of the phase's jobs and records says how the last run ended.
        let last = self.own().find(|container| match &container.role {
            Role::Phase(name) | Role::Done(name) => *name == phase.name,
            _ => false,
        });
        let Some(last) = last else { return Some("never ran here".to_owned()) };
        if matches!(last.role, Role::Phase(_)) {
            return Some(match last.state {
                State::Exited(0) => "its end was not recorded".to_owned(),
                State::Exited(code) => format!("the last run ended with exit code {code}"),
                _ => "the last run never started".to_owned(),
            });
        }
        if self.options.verify {
            return Some("asked to verify".to_owned());
        }
        let Some(memory) = &last.memory else { return Some("its record cannot be read".to_owned()) };
        self.changed_input(phase, memory)
            .or_else(|| self.changed_volume(phase, memory))
            .or_else(|| self.missing_output(phase))
            .or_else(|| self.newer_phase(phase, memory))
    }

    fn runs(&self, phase: &str) -> bool {
        let id = NodeId::new("phase", phase);
        self.plan.nodes.iter().any(|node| node.id == id)
    }

    fn changed_input(&self, phase: &Phase, memory: &Memory) -> Option<String> {
        let inputs = &self.facts.host.inputs;
        let changed = phase.inputs.iter().find(|input| inputs.get(*input) != memory.inputs.get(*input))?;
        let words = match (memory.inputs.get(changed), inputs.get(changed)) {
            (None, _) => "is new",
            (_, None) => "is gone",
            _ => "changed",
        };
        Some(format!("{changed} {words}"))
    }

    fn changed_volume(&self, phase: &Phase, memory: &Memory) -> Option<String> {
        phase.writes.iter().find_map(|name| {
            let volume = self.environment.volumes.get(name)?;
            match self.facts.daemon.volumes.get(&volume.full_name) {
                None => Some(format!("volume:{name} is new")),
                Some(current) if memory.incarnations.get(name) != Some(&current.incarnation) => {
                    Some(format!("volume:{name} is another one"))
                }
                Some(_) => None,
            }
        })
    }

    fn missing_output(&self, phase: &Phase) -> Option<String> {
        let missing = phase.outputs.iter().find(|output| !self.facts.host.present.contains(*output))?;
        Some(format!("{missing} is missing"))
    }

    /// A phase it follows that ran since: a killed `up` came as far as that one and no further.
    fn newer_phase(&self, phase: &Phase, memory: &Memory) -> Option<String> {
        phase.follows.iter().find_map(|other| {
            let record = self.own().find(|container| container.role == Role::Done(other.clone()))?;
            (memory.followed.get(other) != Some(&record.id)).then(|| format!("phase:{other} ran since"))
        })
    }
}
