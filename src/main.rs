//! Starts a face and ends with its code; nothing else.

/// Imports make and drop millions of small texts across threads, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let env = rolo::config::Env::read();
    std::process::exit(rolo::cli::run(std::env::args_os().collect(), &env));
}
