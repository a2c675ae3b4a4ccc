//! The lifecycle's own tests, run where the lifecycle runs: in the php image.

use std::fs;
use std::path::Path;

use crate::support::Project;
use crate::support::docker::try_docker;

/// They prove fetching, env.php, the runner, cron and consumers.
const FEWEST: usize = 4;

pub(crate) fn pass_in_the_php_image(shop: &Project<'_>) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(repository.join("tests/lifecycle")).unwrap().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let scripts: Vec<String> = names.filter(|name| name.ends_with(".sh") && name != "common.sh").collect();
    assert!(scripts.len() >= FEWEST, "the lifecycle's tests are there: {scripts:?}");
    let (image, label) = (shop.service("php").image().to_owned(), shop.host.label());
    let mount = format!("{}:/repository:ro", repository.display());
    for script in scripts {
        let path = format!("/repository/tests/lifecycle/{script}");
        let user = ["run", "--rm", "--init", "--label", &label, "--network", "none", "--user", "1001:0"];
        let rest = ["--volume", &mount, "--env", "CI=true", "--entrypoint", "sh", &image, &path];
        let output = try_docker(&[user.as_slice(), &rest].concat());
        let said = output.ok(&format!("tests/lifecycle/{script} passes in the php image"));
        assert!(said.contains("\nok "), "tests/lifecycle/{script} tests something\n{said}");
    }
}
