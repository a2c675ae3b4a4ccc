//! Who a container runs as, on every kind of engine. Pure, so that each case is a line of a table.

use serde::{Deserialize, Serialize};

use crate::stack::phase::JobUser;
use crate::stack::service::{Code, RunAs};

/// The user and group of a container. Group 0 is added to every container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// UID inside the container.
    pub uid: u32,
    /// Primary GID inside the container.
    pub gid: u32,
}

/// Who services run as when they must not be root: an ordinary user in group 0, as on OpenShift.
pub const SERVICE_USER: User = User { uid: 1001, gid: 0 };

/// Root of the container.
const ROOT: User = User { uid: 0, gid: 0 };

/// Somebody whom no image knows, in group 0: a cluster starts containers as such a user. Rootless
/// engines have no more UIDs than the user was given, which are 65536 where nobody changed it.
pub const fn anybody(engine: UserMapping) -> User {
    match engine {
        UserMapping::RootIsUser => User { uid: 60_660, gid: 0 },
        UserMapping::Same | UserMapping::Desktop => User { uid: 1_000_660_000, gid: 0 },
    }
}

/// What decides about identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// How the engine maps users.
    pub engine: UserMapping,
    /// Owner of the project's directory on the host.
    pub owner: User,
    /// Whether bind mounts need a relabel.
    pub selinux: bool,
}

/// How UIDs inside containers relate to those of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserMapping {
    /// They are the same: an ordinary Docker daemon.
    Same,
    /// UID 0 inside is the user who runs the engine: rootless Docker and rootless Podman.
    RootIsUser,
    /// A virtual machine maps file ownership by itself: Docker Desktop and its kin.
    Desktop,
}

/// What the rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Services that write the project.
    pub project: User,
    /// Services that only read it.
    pub readers: User,
    /// Services with data of their own.
    pub data: User,
    /// Jobs that make what services write to.
    pub owner_jobs: User,
    /// Whether only the stack's `writable` paths are open to services, which is worth telling.
    pub narrow: bool,
    /// Whether UID 0 in the containers is the user, which is worth telling.
    pub root_is_user: bool,
    /// Whether bind mounts are relabelled (`:z`).
    pub relabel: bool,
}

/// Decides who containers run as.
pub fn identity(ownership: Ownership) -> Identity {
    let Ownership { engine, owner, selinux } = ownership;
    let narrow = owner.uid == 0 && engine != UserMapping::RootIsUser;
    let (project, readers, owner_jobs) = match engine {
        // Outside, root is the user; any other UID could not write the project. Group 0 is the user's
        // group, which may read it, and nginx as root would ask for rights that no container has.
        UserMapping::RootIsUser => (ROOT, SERVICE_USER, ROOT),
        UserMapping::Same | UserMapping::Desktop if owner.uid == 0 => (SERVICE_USER, SERVICE_USER, ROOT),
        UserMapping::Same | UserMapping::Desktop => (owner, owner, owner),
    };
    Identity {
        project,
        readers,
        data: SERVICE_USER,
        owner_jobs,
        narrow,
        root_is_user: engine == UserMapping::RootIsUser,
        relabel: selinux,
    }
}

impl Identity {
    /// The user of a service that sees the project like this.
    pub const fn of_service(&self, run_as: RunAs, code: Code) -> User {
        match (run_as, code) {
            (RunAs::Project, Code::Write) => self.project,
            (RunAs::Project, Code::None | Code::Read) => self.readers,
            (RunAs::Data, _) => self.data,
            (RunAs::Uid(uid), _) => User { uid, gid: 0 },
        }
    }

    /// The user of a job.
    pub const fn of_job(&self, user: JobUser) -> User {
        match user {
            JobUser::Service => self.project,
            JobUser::Owner => self.owner_jobs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn user(uid: u32, gid: u32) -> User {
        User { uid, gid }
    }

    #[test]
    fn table() {
        use UserMapping::{Desktop, RootIsUser, Same};
        // engine, owner → services that write the project, that read it, owner's jobs, narrow
        let table = [
            (Same, user(1000, 1000), user(1000, 1000), user(1000, 1000), user(1000, 1000), false),
            (Same, user(0, 0), SERVICE_USER, SERVICE_USER, ROOT, true),
            (Same, user(54321, 54321), user(54321, 54321), user(54321, 54321), user(54321, 54321), false),
            (RootIsUser, user(1000, 1000), ROOT, SERVICE_USER, ROOT, false),
            (RootIsUser, user(0, 0), ROOT, SERVICE_USER, ROOT, false),
            (Desktop, user(501, 20), user(501, 20), user(501, 20), user(501, 20), false),
        ];
        for (engine, owner, project, readers, owner_jobs, narrow) in table {
            let identity = identity(Ownership { engine, owner, selinux: false });
            assert_eq!(
                (identity.project, identity.owner_jobs, identity.narrow),
                (project, owner_jobs, narrow),
                "{engine:?} {owner:?}"
            );
            assert_eq!(identity.of_service(RunAs::Project, Code::Write), project);
            assert_eq!(identity.of_service(RunAs::Project, Code::Read), readers);
            assert_eq!(identity.of_service(RunAs::Data, Code::None), SERVICE_USER);
        }
    }

    #[test]
    fn a_service_is_never_root_on_an_engine_that_would_make_it_root_of_the_host() {
        for uid in [0, 1, 1000, 1001, 70_000] {
            let identity = identity(Ownership { engine: UserMapping::Same, owner: user(uid, uid), selinux: true });
            assert_ne!(identity.project.uid, 0);
            assert!(identity.relabel);
        }
    }
}
