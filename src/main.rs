//! Parses the arguments, starts a face, and exits with its code.

fn main() {}
