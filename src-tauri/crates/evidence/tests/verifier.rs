//! The separate verifier, and what releases mean.

#![allow(clippy::unwrap_used, reason = "what helps a test may fail it, too")]

mod support;

use std::path::Path;
use std::process::Command;

use evidence::*;
use support::*;

fn run(arguments: &[&str], package: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_watchwall-verify"))
        .env_remove("WATCHWALL_LANG")
        .args(arguments)
        .arg(package)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn made(parent: &Path, release_required: bool) -> (Complete, SigningKey) {
    let key = SigningKey::generate().unwrap();
    let description = Description { release_required, ..description() };
    let camera = (source("a/1", "Cổng chính", g711()), with_sound(at_25(h265(50, 5, 0)), 160, 1));
    (package_with(parent, description, &[camera], &key), key)
}

#[test]
fn it_says_what_is_proven_in_both_languages_and_by_its_status() {
    let folder = tempfile::tempdir().unwrap();
    let (complete, key) = made(folder.path(), false);
    let fingerprint = key.public().fingerprint().to_string();
    let (status, said) = run(&["--key", &fingerprint], &complete.folder);
    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains("đúng từng byte")
            && said.contains("−1,500")
            && said.contains(":00,123")
            && said.contains("VA 12/2026"),
        "{said}"
    );
    let (status, said) = run(&["--lang", "en"], &complete.folder);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("not proven who signed it") && !said.contains("evidence_"), "{said}");
    let (status, said) = run(&["--lang", "en"], folder.path());
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("not a package"), "{said}");
    let file = &complete.manifest.cameras[0].files[0];
    let path = complete.folder.join(&file.name);
    let mut bytes = std::fs::read(&path).unwrap();
    let groups = groups(&complete.folder, file);
    bytes[usize::try_from(groups[3].offset).unwrap() + 100] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    let (status, said) = run(&["--lang", "en", "--key", &fingerprint], &complete.folder);
    assert_eq!(status, 1, "{said}");
    // Group 3: pictures 15 to 19, at 40 ms each behind 07:00:00.123; shown in this machine's time zone.
    assert!(said.contains(":00.723") && said.contains(":00.883") && said.contains("was changed"), "{said}");
    assert!(!said.contains("{"), "{said}");
}

#[test]
fn it_opens_sealed_packages_and_prints_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let (complete, key) = made(folder.path(), false);
    let sealed = seal(&complete.folder, &model::Secret::new("x".to_owned()), &mut go_on).unwrap();
    let (secret, into) = (folder.path().join("secret"), folder.path().join("into"));
    std::fs::write(&secret, "x\n").unwrap();
    std::fs::create_dir(&into).unwrap();
    assert_eq!(run(&[], &sealed).0, 2);
    let fingerprint = key.public().fingerprint().to_string();
    let options = [
        "--key",
        &fingerprint,
        "--open",
        into.to_str().unwrap(),
        "--passphrase-file",
        secret.to_str().unwrap(),
    ];
    let (status, said) = run(&options, &sealed);
    assert_eq!(status, 0, "{said}");
    let (status, said) = run(&["--schema"], Path::new("x"));
    let schema = serde_json::from_str(&said).unwrap();
    let manifest = std::fs::read(complete.folder.join(MANIFEST)).unwrap();
    assert!(status == 0 && jsonschema::is_valid(&schema, &serde_json::from_slice(&manifest).unwrap()));
}

#[test]
fn a_release_is_a_second_persons_for_this_package_with_a_known_key() {
    let folder = tempfile::tempdir().unwrap();
    let (complete, key) = made(folder.path(), true);
    let other = SigningKey::generate().unwrap();
    let known = [key.public().fingerprint(), other.public().fingerprint()];
    let check = || verify(&complete.folder, &known, &mut go_on).unwrap();
    let verdict = check();
    assert_eq!((verdict.proof(), &verdict.release), (Proof::Genuine, &Released::Missing));
    assert!(!verdict.is_good());
    let same = release(&complete.folder, person("an"), after(1), "", &other);
    assert!(matches!(same, Err(ReleaseFault::SamePerson)));
    assert!(matches!(
        release(&complete.folder, person("b\nb"), after(1), "", &other),
        Err(ReleaseFault::BadText(_))
    ));
    release(&complete.folder, person("binh"), after(1), "đồng ý", &other).unwrap();
    assert!(check().is_good());
    assert!(matches!(
        release(&complete.folder, person("c"), after(1), "", &other),
        Err(ReleaseFault::Released)
    ));
    let unknown = verify(&complete.folder, &known[..1], &mut go_on).unwrap();
    assert!(matches!(unknown.release, Released::By { enrolled: false, .. }) && !unknown.is_good());
    // Another package's.
    let (another, _) = made(folder.path(), true);
    std::fs::copy(complete.folder.join(RELEASE), another.folder.join(RELEASE)).unwrap();
    let verdict = verify(&another.folder, &known, &mut go_on).unwrap();
    assert_eq!(verdict.release, Released::NotSound);
    assert_eq!(verdict.faults[0].kind, FaultKind::OfAnotherPackage);
}
