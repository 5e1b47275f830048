//! Holds the generator of the benchmarks to what its figures claim.

#[path = "../benches/generator/mod.rs"]
mod generator;
