//! Seeded mutations of a package: each is found, with the right file and the right stretch of time, and no sound package
//! is suspected.
//!
//! `cargo test -p evidence --release --test mutations -- --ignored` does ten thousand and two hundred.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "what helps a test may fail it, and says what it did"
)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use evidence::*;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use support::*;

/// A package as it was signed, and what is known of it.
struct Original {
    /// Keeps it.
    _parent: tempfile::TempDir,
    folder: PathBuf,
    manifest: Manifest,
    key: SigningKey,
    media: Vec<Media>,
}

struct Media {
    about: MediaFile,
    bytes: Vec<u8>,
    index: Vec<u8>,
    groups: Vec<Group>,
    /// Where the packets of sound are.
    sound: Vec<usize>,
}

impl Original {
    fn make(seed: u64) -> Self {
        let parent = tempfile::tempdir().unwrap();
        let key = SigningKey::generate().unwrap();
        let mut export = Export::begin(parent.path(), "gói", description_released(), 0).unwrap();
        for (camera, pictures) in [(0, 60), (1, 75), (2, 50)] {
            let about = source(&format!("a/{camera}"), &format!("Máy {camera}"), g711());
            let mut writer = export.camera(about).unwrap();
            for piece in with_sound(at_25(h265(pictures, 5, camera)), 160, seed + u64::from(camera)) {
                give(&mut writer, &piece).unwrap();
            }
            writer.finish(Vec::new(), &mut go_on).unwrap();
        }
        let from = StillSource {
            camera: model::Id::new("a/0").unwrap(),
            name: "Máy 0".to_owned(),
            site: String::new(),
            device: Device::default(),
            recoded: true,
        };
        export.still(from, begin(), &[&[0xff, 0xd8, 0xff][..], &[7; 500]].concat()).unwrap();
        let Complete { folder, manifest, .. } = export.finish(&key, after(90_000)).unwrap();
        release(&folder, person("binh"), after(95_000), "", &key).unwrap();
        let media = manifest.cameras.iter().flat_map(|camera| &camera.files).cloned().map(|about| {
            let bytes = std::fs::read(folder.join(&about.name)).unwrap();
            let index = std::fs::read(folder.join(&about.index.name)).unwrap();
            let groups = groups(&folder, &about);
            // A block of the sound's track with 164 bytes.
            let block = |at: &usize| bytes[*at..].starts_with(&[0xa3, 0x40, 0xa4, 0x82]);
            let sound: Vec<usize> = (0..bytes.len()).filter(block).map(|at| at + 7).collect();
            assert_eq!(sound.len() as u64, about.sound);
            Media { about, bytes, index, groups, sound }
        });
        let media = media.collect();
        Self { _parent: parent, folder, manifest, key, media }
    }

    fn verify(&self) -> Verdict {
        verify(&self.folder, &[self.key.public().fingerprint()], &mut go_on).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn description_released() -> Description {
    Description { release_required: true, ..description() }
}

/// Which groups of which file are no longer what they were, where they were.
type Groups = BTreeSet<(String, u64)>;

/// What a mutation must be called.
enum Expected {
    /// Exactly these groups, and maybe head or tail of these files.
    Groups(Groups),
    /// This in this file, and no group.
    Only(String, fn(&FaultKind) -> bool),
    /// Nothing is proven.
    Nothing(&'static str),
    /// The key is a stranger's.
    Stranger,
}

/// Changes files, and puts them back when dropped.
struct Change<'a> {
    original: &'a Original,
    touched: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Change<'_> {
    fn write(&mut self, name: &str, bytes: &[u8]) {
        self.remember(name);
        std::fs::write(self.original.path(name), bytes).unwrap();
    }

    fn remove(&mut self, name: &str) {
        self.remember(name);
        std::fs::remove_file(self.original.path(name)).unwrap();
    }

    fn remember(&mut self, name: &str) {
        let path = self.original.path(name);
        let before = std::fs::read(&path).ok();
        self.touched.push((path, before));
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        for (path, before) in self.touched.drain(..).rev() {
            match before {
                Some(bytes) => std::fs::write(path, bytes).unwrap(),
                None => std::fs::remove_file(path).unwrap(),
            }
        }
    }
}

fn range(group: &Group) -> std::ops::Range<usize> {
    usize::try_from(group.offset).unwrap()..usize::try_from(group.end()).unwrap()
}

/// Groups that overlap some bytes of the original file.
fn overlapping(media: &Media, bytes: std::ops::Range<usize>) -> Groups {
    let hit = |group: &&Group| range(group).start < bytes.end && bytes.start < range(group).end;
    media.groups.iter().filter(hit).map(|group| (media.about.name.clone(), group.group)).collect()
}

/// Groups whose bytes are not at their place.
fn displaced(media: &Media, now: &[u8]) -> Groups {
    let away = |group: &&Group| now.get(range(group)) != Some(&media.bytes[range(group)]);
    media.groups.iter().filter(away).map(|group| (media.about.name.clone(), group.group)).collect()
}

/// A different byte.
fn other(random: &mut StdRng, byte: u8) -> u8 {
    byte ^ (1 << random.random_range(0..8))
}

const KINDS: u32 = 19;

fn mutate(kind: u32, random: &mut StdRng, change: &mut Change<'_>) -> Expected {
    let original = change.original;
    let which = random.random_range(0..original.media.len());
    let media = &original.media[which];
    let name = &media.about.name;
    let mut bytes = media.bytes.clone();
    let any = random.random_range(0..media.groups.len());
    let another = (any + random.random_range(1..media.groups.len())) % media.groups.len();
    let (group, second) = (range(&media.groups[any]), range(&media.groups[another]));
    match kind {
        0 => {
            let at = random.random_range(group.clone());
            bytes[at] = other(random, bytes[at]);
            change.write(name, &bytes);
            Expected::Groups(overlapping(media, at..at + 1))
        }
        1 => {
            let head = usize::try_from(media.about.head.bytes).unwrap();
            let at = random.random_range(0..head);
            bytes[at] = other(random, bytes[at]);
            change.write(name, &bytes);
            Expected::Only(name.clone(), |kind| *kind == FaultKind::HeadAltered)
        }
        2 => {
            let tail = usize::try_from(media.about.tail.bytes).unwrap();
            let at = random.random_range(bytes.len() - tail..bytes.len());
            bytes[at] = other(random, bytes[at]);
            change.write(name, &bytes);
            Expected::Only(name.clone(), |kind| *kind == FaultKind::TailAltered)
        }
        3 => {
            let mut index = media.index.clone();
            let at = random.random_range(0..index.len());
            index[at] = other(random, index[at]);
            change.write(&media.about.index.name, &index);
            Expected::Only(media.about.index.name.clone(), |kind| {
                matches!(kind, FaultKind::IndexAltered { line: Some(_) })
            })
        }
        4 => {
            let end = random.random_range(0..bytes.len());
            change.write(name, &bytes[..end]);
            Expected::Groups(overlapping(media, end..bytes.len()))
        }
        5 => {
            let from = random.random_range(group.start..bytes.len() - 1);
            let to = random.random_range(from + 1..=(from + 30_000).min(bytes.len()));
            bytes.drain(from..to);
            change.write(name, &bytes);
            // By chance what follows the cut may be what was cut.
            let whole = |group: &Group| {
                let (before, behind) = (range(group), range(group).start.saturating_sub(to - from));
                let same = |at: usize| bytes.get(at..at + before.len()) == Some(&media.bytes[before.clone()]);
                same(before.start) || same(behind)
            };
            let mut cut = overlapping(media, from..to);
            cut.retain(|(_, group)| !whole(&media.groups[*group as usize]));
            Expected::Groups(cut)
        }
        6 => {
            let mut more = vec![0; random.random_range(1..5000)];
            random.fill_bytes(&mut more);
            change.write(name, &[bytes, more].concat());
            Expected::Only(name.clone(), |kind| matches!(kind, FaultKind::Inserted { .. }))
        }
        7 => {
            let at = random.random_range(group.start + 1..group.end);
            let mut more = vec![0; random.random_range(1..5000)];
            random.fill_bytes(&mut more);
            bytes.splice(at..at, more);
            change.write(name, &bytes);
            Expected::Groups(overlapping(media, at - 1..at + 1))
        }
        8 => {
            // A group played twice.
            let copy = bytes[second].to_vec();
            bytes.splice(group.start..group.start, copy);
            change.write(name, &bytes);
            Expected::Only(name.clone(), |kind| matches!(kind, FaultKind::Inserted { .. }))
        }
        9 => {
            let (early, late) = if group.start < second.start { (group, second) } else { (second, group) };
            let swapped = [
                &media.bytes[..early.start],
                &media.bytes[late.clone()],
                &media.bytes[early.end..late.start],
                &media.bytes[early.clone()],
                &media.bytes[late.end..],
            ];
            let swapped = swapped.concat();
            change.write(name, &swapped);
            Expected::Groups(displaced(media, &swapped))
        }
        10 => {
            let (a, b) = two(random, &media.sound);
            for at in 0..160 {
                bytes.swap(a + at, b + at);
            }
            change.write(name, &bytes);
            let altered = [overlapping(media, a..a + 160), overlapping(media, b..b + 160)];
            Expected::Groups(altered.into_iter().flatten().collect())
        }
        11 => {
            // Another camera's sound.
            let from = &original.media[(which + 1) % original.media.len()];
            let (a, _) = two(random, &media.sound);
            let (b, _) = two(random, &from.sound);
            bytes[a..a + 160].copy_from_slice(&from.bytes[b..b + 160]);
            change.write(name, &bytes);
            Expected::Groups(overlapping(media, a..a + 160))
        }
        12 => {
            // Another camera's group in the place of one's own.
            let from = &original.media[(which + 1) % original.media.len()];
            let theirs = range(&from.groups[random.random_range(0..from.groups.len())]);
            bytes.splice(group.clone(), from.bytes[theirs].iter().copied());
            change.write(name, &bytes);
            Expected::Groups(overlapping(media, group))
        }
        13 => {
            // Two files under each other's name.
            let from = &original.media[(which + 1) % original.media.len()];
            change.write(name, &from.bytes);
            change.write(&from.about.name, &bytes);
            let all = [overlapping(media, 0..usize::MAX), overlapping(from, 0..usize::MAX)];
            Expected::Groups(all.into_iter().flatten().collect())
        }
        14 => {
            let mut manifest = std::fs::read(original.path(MANIFEST)).unwrap();
            let at = random.random_range(0..manifest.len());
            match random.random_range(0..3) {
                0 => manifest[at] = other(random, manifest[at]),
                1 => manifest.truncate(at),
                _ => manifest.insert(at, b' '),
            }
            change.write(MANIFEST, &manifest);
            Expected::Nothing(MANIFEST)
        }
        15 => {
            let mut signature = std::fs::read(original.path(SIGNATURE)).unwrap();
            let at = random.random_range(0..signature.len());
            match random.random_range(0..3) {
                0 => signature[at] = other(random, signature[at]),
                1 => signature.truncate(at),
                _ => signature.insert(at, b' '),
            }
            change.write(SIGNATURE, &signature);
            Expected::Nothing(SIGNATURE)
        }
        16 => {
            sign_as_a_stranger(original, change, random.random());
            Expected::Stranger
        }
        17 => {
            let (name, is): (&str, fn(&FaultKind) -> bool) = match random.random_range(0..3) {
                0 => (&original.manifest.stills[0].name, |kind| *kind == FaultKind::Altered),
                1 => (RELEASE, |kind| *kind == FaultKind::Altered),
                _ => {
                    change.write("thêm.txt", b"x");
                    return Expected::Only("thêm.txt".to_owned(), |kind| *kind == FaultKind::Unlisted);
                }
            };
            let mut small = std::fs::read(original.path(name)).unwrap();
            let at = random.random_range(0..small.len());
            small[at] = other(random, small[at]);
            change.write(name, &small);
            Expected::Only(name.to_owned(), is)
        }
        _ => {
            change.remove(name);
            Expected::Only(name.clone(), |kind| *kind == FaultKind::Missing)
        }
    }
}

fn two(random: &mut StdRng, of: &[usize]) -> (usize, usize) {
    let a = random.random_range(0..of.len());
    let b = (a + random.random_range(1..of.len())) % of.len();
    (of[a], of[b])
}

/// Another operator's name in the manifest, and a sound signature for that, by a key of one's own.
fn sign_as_a_stranger(original: &Original, change: &mut Change<'_>, number: u64) {
    let manifest = std::fs::read_to_string(original.path(MANIFEST)).unwrap();
    let forged = manifest.replace("\"AN\"", &format!("\"X{number}\""));
    assert_ne!(manifest, forged);
    let key = SigningKey::generate().unwrap();
    let sha256 = Digest::of(forged.as_bytes());
    let signed = key.sign(&[b"watchwall-evidence 1\0", sha256.as_bytes().as_slice()].concat()).unwrap();
    let signature = format!(
        "{{\n  \"format\": \"watchwall-evidence-signature\",\n  \"version\": 1,\n  \"manifest\": \"{sha256}\",\n  \
         \"key\": \"{}\",\n  \"fingerprint\": \"{}\",\n  \"signature\": \"{}\"\n}}\n",
        key.public(),
        key.public().fingerprint(),
        BASE64.encode(&signed)
    );
    change.write(MANIFEST, forged.as_bytes());
    change.write(SIGNATURE, signature.as_bytes());
    // The release is for the other manifest.
    change.remove(RELEASE);
}

fn check(expected: &Expected, original: &Original, verdict: &Verdict, what: &str) {
    assert!(!verdict.is_good(), "{what}: not found");
    match expected {
        Expected::Groups(expected) => {
            assert_eq!(verdict.proof(), Proof::Damaged, "{what}");
            let mut found = Groups::new();
            for fault in &verdict.faults {
                let media = original.media.iter().find(|media| media.about.name == fault.file);
                let media = media.unwrap_or_else(|| panic!("{what}: {fault:?}"));
                match fault.kind {
                    FaultKind::GroupsAltered | FaultKind::GroupsMissing | FaultKind::GroupsMoved => {
                        let (first, last) = fault.groups.unwrap();
                        let span = fault.span.unwrap();
                        let (from, to) = (&media.groups[first as usize], &media.groups[last as usize]);
                        assert_eq!((span.from, span.to), (from.from, to.to), "{what}");
                        found.extend((first..=last).map(|group| (fault.file.clone(), group)));
                    }
                    FaultKind::HeadAltered | FaultKind::TailAltered | FaultKind::FromElsewhere { .. } => {}
                    _ => panic!("{what}: {fault:?}"),
                }
            }
            assert_eq!(found, *expected, "{what}: {:?}", verdict.faults);
            assert!(!verdict.faults.is_empty());
        }
        Expected::Only(file, is) => {
            assert_eq!(verdict.proof(), Proof::Damaged, "{what}");
            let [fault] = &verdict.faults[..] else { panic!("{what}: {:?}", verdict.faults) };
            assert!(fault.file == *file && is(&fault.kind), "{what}: {fault:?}");
        }
        Expected::Nothing(file) => {
            assert_eq!((verdict.proof(), &verdict.manifest), (Proof::Nothing, &None), "{what}");
            let [fault] = &verdict.faults[..] else { panic!("{what}: {:?}", verdict.faults) };
            assert_eq!(fault.file, *file, "{what}");
        }
        Expected::Stranger => {
            assert_eq!(verdict.proof(), Proof::UnknownKey, "{what}");
        }
    }
}

fn mutations(count: u64) {
    let original = Original::make(1);
    assert!(original.verify().is_good(), "{:?}", original.verify().faults);
    let mut of_each = [0; KINDS as usize];
    for seed in 0..count {
        let mut random = StdRng::seed_from_u64(seed);
        let kind = (seed % u64::from(KINDS)) as u32;
        let mut change = Change { original: &original, touched: Vec::new() };
        let expected = mutate(kind, &mut random, &mut change);
        check(&expected, &original, &original.verify(), &format!("seed {seed}, kind {kind}"));
        of_each[kind as usize] += 1;
    }
    assert!(original.verify().is_good());
    println!("{count} mutations, each found: {of_each:?}");
}

fn sound_ones(count: u64) {
    for seed in 0..count {
        let parent = tempfile::tempdir().unwrap();
        let key = SigningKey::generate().unwrap();
        let mut random = StdRng::seed_from_u64(seed);
        let cameras: Vec<(Source, Vec<Incoming>)> = (0..random.random_range(1..4))
            .map(|camera| {
                let mut pieces =
                    with_sound(at_25(clip(random.random_range(0..4))), random.random_range(1..400), seed);
                let last = random.random_range(1..=pieces.len());
                pieces.truncate(last);
                (source(&format!("a/{camera}"), "Cổng", g711()), pieces)
            })
            .collect();
        let complete = package(parent.path(), &cameras, &key);
        let verdict = verify(&complete.folder, &[key.public().fingerprint()], &mut go_on).unwrap();
        assert!(verdict.is_good(), "seed {seed}: {:?}", verdict.faults);
        let verdict = verify(&complete.folder, &[], &mut go_on).unwrap();
        assert_eq!(verdict.proof(), Proof::UnknownKey);
    }
    println!("{count} sound packages, none suspected");
}

/// One of a few clips, each coded once.
fn clip(which: usize) -> Vec<model::AccessUnit> {
    use std::sync::OnceLock;
    static CLIPS: [OnceLock<Vec<model::AccessUnit>>; 4] = [const { OnceLock::new() }; 4];
    CLIPS[which].get_or_init(|| h265(30 + 10 * which, 3 + which, which as u32)).clone()
}

#[test]
fn a_thousand_mutations_are_found_where_they_are() {
    mutations(1000);
}

#[test]
fn fifty_sound_packages_are_not_suspected() {
    sound_ones(50);
}

#[test]
#[ignore = "takes minutes; `make evidence-soak` runs it"]
fn ten_thousand_mutations_are_found_where_they_are() {
    mutations(10_000);
}

#[test]
#[ignore = "takes minutes; `make evidence-soak` runs it"]
fn two_hundred_sound_packages_are_not_suspected() {
    sound_ones(200);
}

/// What a hostile signer could put into a folder: it is survived, and bounded.
#[test]
fn signed_nonsense_is_survived() {
    let original = Original::make(2);
    let manifest = std::fs::read_to_string(original.path(MANIFEST)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..300 {
        let mut random = StdRng::seed_from_u64(seed);
        let mut forged = manifest.clone().into_bytes();
        for _ in 0..random.random_range(1..6) {
            let at = random.random_range(0..forged.len());
            let digit = forged[at].is_ascii_digit();
            forged[at] = if digit { b'0' + random.random_range(0..10) } else { random.random() };
        }
        let key = SigningKey::generate().unwrap();
        let sha256 = Digest::of(&forged);
        let signed = key.sign(&[b"watchwall-evidence 1\0", sha256.as_bytes().as_slice()].concat()).unwrap();
        let signature = format!(
            "{{\n  \"format\": \"watchwall-evidence-signature\",\n  \"version\": 1,\n  \"manifest\": \"{sha256}\",\n  \
             \"key\": \"{}\",\n  \"fingerprint\": \"{}\",\n  \"signature\": \"{}\"\n}}\n",
            key.public(),
            key.public().fingerprint(),
            BASE64.encode(&signed)
        );
        std::fs::write(folder.path().join(MANIFEST), &forged).unwrap();
        std::fs::write(folder.path().join(SIGNATURE), signature).unwrap();
        for media in &original.media {
            let mut bytes = media.bytes.clone();
            for _ in 0..8 {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
            std::fs::write(folder.path().join(&media.about.name), &bytes).unwrap();
            std::fs::write(folder.path().join(&media.about.index.name), &media.index).unwrap();
            read_to_its_end(&folder.path().join(&media.about.name));
        }
        let verdict = verify(folder.path(), &[], &mut go_on).unwrap();
        assert_ne!(verdict.proof(), Proof::Genuine);
        assert!(!explain(&verdict, &jiff::tz::TimeZone::UTC).is_empty());
    }
}

fn read_to_its_end(path: &Path) {
    let Ok(mut reader) = MediaReader::open(path, g711().as_ref()) else { return };
    let mut left = 100_000;
    while let Ok(Some(_)) = reader.next_contents() {
        left -= 1;
        assert!(left > 0, "it never ends");
    }
}
