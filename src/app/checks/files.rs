//! The project's files: whose they are, and how quickly a container sees them.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::finding::Finding;
use crate::app::session::Session;
use crate::engine::{ExecRequest, ExecStreams, TerminalSize};
use crate::env::environment::Mount;
use crate::host::owner;
use crate::host::steps::Step;
use crate::paths::quoted;
use crate::text;

/// Files that are looked at: enough to find what a wrong user wrote, few enough to take no time.
const LOOKED_AT: usize = 20_000;

/// Whether all files belong to the owner of the project's directory. Where that is root, services
/// write as somebody else on purpose.
pub(super) fn ownership(session: &Session) -> Finding {
    let root = &session.environment.root;
    if session.identity.narrow {
        return Finding::good("ownership", "the directory belongs to root; services write as an ordinary user");
    }
    match owner::of(root) {
        Ok(user) => {
            let strangers = strangers(root, user.uid);
            judge_ownership(root, (user.uid, user.gid), &strangers)
        }
        Err(failure) => Finding::bad("ownership", failure.what(), format!("ls -ld {}", quoted(root))),
    }
}

/// Paths of others, the first ones of a walk through the directory.
fn strangers(root: &Path, uid: u32) -> Vec<PathBuf> {
    let (mut found, mut left, mut looked) = (Vec::new(), vec![root.to_path_buf()], 0);
    while let Some(directory) = left.pop() {
        for entry in std::fs::read_dir(&directory).into_iter().flatten().flatten() {
            looked += 1;
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.uid() != uid {
                found.push(entry.path());
            } else if metadata.is_dir() {
                left.push(entry.path());
            }
            if looked > LOOKED_AT {
                return found;
            }
        }
    }
    found
}

fn judge_ownership(root: &Path, (uid, gid): (u32, u32), strangers: &[PathBuf]) -> Finding {
    let Some(first) = strangers.first() else { return Finding::good("ownership", "all files are their owner's") };
    let shown = first.strip_prefix(root).unwrap_or(first).display();
    let what = match strangers.len() {
        1 => format!("{shown} belongs to another user"),
        more => format!("{shown} and {} belong to another user", text::count(more - 1, "more path")),
    };
    let command = format!("find {} -xdev ! -uid {uid} -exec chown -h {uid}:{gid} {{}} +", quoted(root));
    let step = Step::as_root("the project's files belong to its owner", command);
    Finding::bad("ownership", what, step.shown()).with(step)
}

/// Lists the project's files and says how many and how long that took, in nanoseconds.
const LIST: &str = "begin=$(date +%s%N); count=$(find \"$1\" -xdev -maxdepth 6 2>/dev/null | head -n 20000 | wc -l); \
                    end=$(date +%s%N); echo $count $((end - begin))";

/// Files below which a measurement says nothing.
const FEW: u64 = 200;

/// Files a second below which a page of a shop takes seconds: native mounts list hundreds of
/// thousands.
const SLOW: u64 = 10_000;

/// How quickly a container that has the code lists it; nothing while none runs.
pub(super) async fn speed(session: &Session) -> Option<Finding> {
    let code = |mount: &Mount| matches!(mount, Mount::Bind(_) | Mount::BindRead(_));
    let (name, path) = session.environment.services.iter().find_map(|(name, service)| {
        service.spec.mounts.iter().find(|(_, mount)| code(mount)).map(|(path, _)| (name.clone(), path.clone()))
    })?;
    let container = session.daemon().service(&session.environment.id, &name).filter(|one| one.state.is_running())?;
    let command = ["sh", "-c", LIST, "sh", &path].map(str::to_owned).to_vec();
    let request = ExecRequest { command, ..ExecRequest::default() };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = ExecStreams { stdin: tokio::io::empty(), stdout: &mut stdout, stderr: &mut stderr };
    let code = session.engine.exec(&container.id, &request, streams, TerminalSize::unchanging()).await;
    Some(match code {
        Ok(0) => judge_speed(&String::from_utf8_lossy(&stdout)),
        Ok(code) => {
            Finding::note("mount", format!("its speed could not be measured (exit code {code})"), "shop status")
        }
        Err(failure) => {
            Finding::note("mount", format!("its speed could not be measured: {}", failure.what()), "shop status")
        }
    })
}

fn judge_speed(said: &str) -> Finding {
    let mut words = said.split_whitespace().map(|word| word.parse::<u64>().ok());
    let (Some(Some(files)), Some(Some(nanoseconds))) = (words.next(), words.next()) else {
        return Finding::note("mount", "its speed could not be measured: the image has no find or date", "shop status");
    };
    if files < FEW {
        return Finding::good("mount", format!("too few files to tell how quick it is ({files})"));
    }
    let per_second = u128::from(files) * 1_000_000_000 / u128::from(nanoseconds.max(1));
    let what = format!("a container lists {per_second} files a second");
    if per_second >= u128::from(SLOW) {
        Finding::good("mount", what)
    } else {
        Finding::bad(
            "mount",
            what,
            "move the project to a file system of Linux: in WSL below your home, not below /mnt",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::checks::Level;

    #[test]
    fn a_slow_mount_is_bad() {
        assert_eq!(judge_speed("20000 100000000\n").level, Level::Good);
        assert_eq!(judge_speed("20000 10000000000\n").level, Level::Bad);
        assert_eq!(judge_speed("10 10000000000\n").level, Level::Good);
        assert_eq!(judge_speed("").level, Level::Note);
    }

    #[test]
    fn files_of_others_are_named_with_the_command() {
        let root = Path::new("/home/u/my shop");
        assert_eq!(judge_ownership(root, (1000, 1000), &[]).level, Level::Good);
        let bad = judge_ownership(root, (1000, 100), &[root.join("var/log"), root.join("var/cache")]);
        assert_eq!(bad.level, Level::Bad);
        assert_eq!(bad.what, "var/log and 1 more path belong to another user");
        assert!(bad.fix.ends_with("find '/home/u/my shop' -xdev ! -uid 1000 -exec chown -h 1000:100 {} +"), "{bad:?}");
    }

    #[test]
    fn strangers_are_found_and_not_walked_into() {
        let root = std::env::temp_dir().join(format!("shop-strangers-{}", std::process::id()));
        std::fs::create_dir_all(root.join("var/log")).unwrap();
        let own = owner::of(&root).unwrap().uid;
        assert!(strangers(&root, own).is_empty());
        assert_eq!(strangers(&root, own + 1), [root.join("var")]);
        std::fs::remove_dir_all(&root).unwrap();
    }
}
