//! A name for a user that an image does not know: ssh, git and node refuse to work without one.

use crate::env::identity::User;

/// Name that is given.
const NAME: &str = "shop";

/// `passwd` with a line for the user; `None` when it has one.
pub(super) fn with_user(passwd: &str, user: User) -> Option<String> {
    let User { uid, gid } = user;
    (!has_id(passwd, uid))
        .then(|| with_line(passwd, &format!("{}:x:{uid}:{gid}::/tmp/home:/bin/sh", free_name(passwd))))
}

/// `group` with a line for the user's group; `None` when it has one.
pub(super) fn with_group(group: &str, user: User) -> Option<String> {
    (!has_id(group, user.gid)).then(|| with_line(group, &format!("{}:x:{}:", free_name(group), user.gid)))
}

/// Whether a line has this number in its third field, which is the id in both files.
fn has_id(text: &str, id: u32) -> bool {
    text.lines().any(|line| line.split(':').nth(2).and_then(|field| field.parse().ok()) == Some(id))
}

fn free_name(text: &str) -> String {
    let taken = |name: &str| text.lines().any(|line| line.split(':').next() == Some(name));
    let mut name = NAME.to_owned();
    while taken(&name) {
        name.push('_');
    }
    name
}

fn with_line(text: &str, line: &str) -> String {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}{line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: User = User { uid: 1000, gid: 1001 };

    #[test]
    fn an_unknown_user_gets_a_line() {
        let passwd = with_user("root:x:0:0:root:/root:/bin/bash", USER).unwrap();
        assert_eq!(passwd, "root:x:0:0:root:/root:/bin/bash\nshop:x:1000:1001::/tmp/home:/bin/sh\n");
        assert_eq!(with_user(&passwd, USER), None);
        assert_eq!(with_group("root:x:0:\n", USER).unwrap(), "root:x:0:\nshop:x:1001:\n");
        assert_eq!(with_group("root:x:0:\n", User { uid: 5, gid: 0 }), None);
    }

    #[test]
    fn a_name_that_is_taken_is_not_given_again() {
        assert!(
            with_user("shop:x:7:7::/:/bin/sh\n", USER).unwrap().ends_with("shop_:x:1000:1001::/tmp/home:/bin/sh\n")
        );
    }
}
