//! Reads the arguments and the environment, starts the command line, and exits with its code.

fn main() {
    let env = rolo::config::Env::read();
    std::process::exit(rolo::cli::run(std::env::args_os().collect(), &env));
}
