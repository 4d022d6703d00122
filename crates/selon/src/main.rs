//! The program.

fn main() -> std::process::ExitCode {
    selon::cli::run().into()
}
