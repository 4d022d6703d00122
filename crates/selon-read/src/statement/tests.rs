use super::*;
#[test]
fn pack_errors() {
    if let Err(e) = Packs::with_overlay(&[]) {
        panic!("{e}");
    }
}
