use std::fs;
use std::path::Path;

use naga::valid::{Capabilities, ValidationFlags, Validator};

/// Every shader of the project, whoever includes it, parses and is valid without any optional capability.
#[test]
fn every_shader_is_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shaders");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).expect("the shaders' folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "wgsl") {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a shader");
        let module = naga::front::wgsl::parse_str(&source).unwrap_or_else(|error| {
            panic!("{}", error.emit_to_string_with_path(&source, &path.to_string_lossy()))
        });
        Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(&module).unwrap_or_else(
            |error| panic!("{}", error.emit_to_string_with_path(&source, &path.to_string_lossy())),
        );
        seen += 1;
    }
    assert!(seen >= 2, "only {seen} shaders in {}", folder.display());
}
