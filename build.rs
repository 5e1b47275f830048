//! Lists the files of `assets/profiles`, so that a new system is nothing but a new file there.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new("assets/profiles");
    println!("cargo::rerun-if-changed=assets/profiles");
    let mut names: Vec<String> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    let mut list = String::from("&[\n");
    for name in &names {
        let path = fs::canonicalize(folder.join(name))?;
        let _ = writeln!(list, "    ({:?}, include_str!({:?})),", name.trim_end_matches(".toml"), path);
    }
    list.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("profiles.rs"), list)
}
