//! Compiles the crate anew when a file is added to what is embedded in it.

#[expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
fn main() {
    for embedded in ["stacks", ".openshift", ".ci/prepare"] {
        println!("cargo::rerun-if-changed={embedded}");
    }
}
