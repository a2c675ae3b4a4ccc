//! The `shop` binary: hands its arguments to the library and returns the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    shopkeeper::main(std::env::args_os())
}
