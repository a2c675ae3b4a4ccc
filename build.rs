//! Compiles the crate anew when a file is added to what is embedded in it.

fn main() {
    for embedded in ["stacks", ".openshift", ".ci/prepare"] {
        println!("cargo::rerun-if-changed={embedded}");
    }
}
