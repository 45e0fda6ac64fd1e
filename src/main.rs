//! The `duewise` binary: all of it is in the library.

fn main() -> std::process::ExitCode {
    duewise::cli::main()
}
