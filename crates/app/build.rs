//! A changed or added file behind the pages is a reason to build anew.

#[allow(clippy::print_stdout)]
fn main() {
    println!("cargo::rerun-if-changed=ui");
}
