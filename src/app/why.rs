//! `why`: why `up` would touch a resource, and which file and line set each of its values.

use super::context::Context;
use super::up;
use crate::error::{Code, Failure, Result};
use crate::problem::Span;
use crate::text;

/// The answer.
#[derive(Debug)]
pub struct Answer {
    /// The resource, as its id: `service:nginx`.
    pub resource: String,
    /// What `up` would do to it and why; empty when nothing.
    pub planned: Vec<(String, String)>,
    /// Dotted key → where it was written.
    pub origins: Vec<(String, Span)>,
}

/// Explains `resource`: an id of the plan, or a bare service name.
///
/// # Errors
/// There is no such resource.
pub async fn run(cx: &Context, resource: &str) -> Result<Answer> {
    let up::Prepared { session, plan, .. } = up::prepare(cx, up::Request::default()).await?;
    let ids = ids(&session.environment);
    let wanted = if resource.contains(':') || ids.iter().any(|id| id == resource) {
        resource.to_owned()
    } else {
        format!("service:{resource}")
    };
    if !ids.contains(&wanted) {
        let fix = text::suggest(&wanted, "resources", ids.iter().map(String::as_str));
        return Err(Failure::new(Code::NoResource, format!("there is no resource {resource}")).fix(fix));
    }
    let planned = plan
        .nodes
        .iter()
        .filter(|node| node.id.as_str() == wanted)
        .map(|node| (node.op.verb().to_owned(), node.cause.clone()))
        .collect();
    let key = match wanted.split_once(':') {
        Some((kind, name)) => format!("{kind}s.{name}"),
        None => wanted.clone(),
    };
    let origins = session
        .stack
        .origins
        .iter()
        .filter(|(other, _)| **other == key || other.strip_prefix(&key).is_some_and(|rest| rest.starts_with('.')))
        .map(|(key, span)| (key.clone(), span.clone()))
        .collect();
    Ok(Answer { resource: wanted, planned, origins })
}

/// Ids of everything an environment has.
fn ids(environment: &crate::env::Environment) -> Vec<String> {
    let of = |kind: &'static str, names: Vec<&String>| -> Vec<String> {
        names.into_iter().map(|name| format!("{kind}:{name}")).collect()
    };
    [
        of("service", environment.services.keys().collect()),
        of("phase", environment.phases.keys().collect()),
        of("image", environment.images.keys().collect()),
        of("volume", environment.volumes.keys().collect()),
        of("tree", environment.trees.keys().collect()),
        vec![format!("network:{}", environment.network), "secrets".to_owned(), "routes".to_owned()],
    ]
    .concat()
}
