//! What the words of programs in containers, builds and registries tell about the host: one place
//! that knows their phrases. Pure.

/// A cause outside of the program that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symptom {
    /// There is no room on the engine's disk.
    DiskFull,
    /// Hosts outside cannot be reached.
    NoNetwork,
}

/// Phrases in lower case. MariaDB tells a full disk by the number of the error alone.
const DISK_FULL: [&str; 4] = ["no space left on device", "disk is full", "errcode: 28", "failed with error 28"];

const NO_NETWORK: [&str; 9] = [
    "temporary failure resolving",
    "temporary failure in name resolution",
    "could not resolve host",
    "couldn't resolve host",
    "no such host",
    "network is unreachable",
    "no route to host",
    "server misbehaving",
    "connection timed out",
];

/// The first symptom that any of `lines` shows; a full disk before all others, which it may cause.
pub(super) fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<Symptom> {
    let lower: Vec<String> = lines.into_iter().map(str::to_lowercase).collect();
    let shows = |phrases: &[&str]| lower.iter().any(|line| phrases.iter().any(|phrase| line.contains(phrase)));
    if shows(&DISK_FULL) {
        Some(Symptom::DiskFull)
    } else if shows(&NO_NETWORK) {
        Some(Symptom::NoNetwork)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_programs() {
        let table = [
            ("write /var/lib/docker/tmp/x: no space left on device", Some(Symptom::DiskFull)),
            ("cp: error writing 'x': No space left on device", Some(Symptom::DiskFull)),
            (
                "[ERROR] InnoDB: preallocating 96 bytes for file ./ib_logfile0 failed with error 28",
                Some(Symptom::DiskFull),
            ),
            ("Disk is full writing './x' (Errcode: 28 \"No space left on device\")", Some(Symptom::DiskFull)),
            ("Temporary failure resolving 'deb.debian.org'", Some(Symptom::NoNetwork)),
            ("curl error 6 while downloading: Could not resolve host: repo.magento.com", Some(Symptom::NoNetwork)),
            ("dial tcp: lookup registry-1.docker.io: no such host", Some(Symptom::NoNetwork)),
            ("dial tcp 104.18.1.1:443: connect: network is unreachable", Some(Symptom::NoNetwork)),
            ("SQLSTATE[HY000] [2002] Connection refused", None),
        ];
        for (line, symptom) in table {
            assert_eq!(of(["something else", line]), symptom, "{line}");
        }
        assert_eq!(of(["no such host", "no space left on device"]), Some(Symptom::DiskFull));
    }
}
