//! How long the software compositor takes for a tile: `cargo bench -p render`. Prints a table; one thread, every tile
//! with its own pictures and a caption, as on a real wall. Words behind `--` choose cases
//! by name; `WALL_BACKEND=gpu` times the other compositor.
#![allow(clippy::print_stdout)] // a table is what it is for

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use model::picture::OwnedPlanes;
use model::{
    Colour, Fit, Grid, Picture, PixelFormat, PlaneOrder, Point, Sight, Size, Subsampling, Turn, View,
};
use render::{Backend, Caption, Target, Tile, Wall};

const FULL_HD: Size = Size::new(1920, 1080);
const UHD: Size = Size::new(3840, 2160);
const SUB: Size = Size::new(640, 360);
const NV12: PixelFormat =
    PixelFormat { subsampling: Subsampling::Yuv420, order: PlaneOrder::SemiPlanar, depth: 8 };
const P010: PixelFormat =
    PixelFormat { subsampling: Subsampling::Yuv420, order: PlaneOrder::SemiPlanar, depth: 10 };

struct Case {
    name: &'static str,
    wall: Size,
    grid: &'static str,
    picture: Size,
    format: PixelFormat,
    fit: Fit,
    turn: Turn,
    /// Zoom, rotation in degrees, whether a wide lens is corrected.
    view: (f64, f64, bool),
}

const PLAIN: Case = Case {
    name: "sub, 64 tiles",
    wall: FULL_HD,
    grid: "8x8",
    picture: SUB,
    format: PixelFormat::I420,
    fit: Fit::Fit,
    turn: Turn::None,
    view: (1.0, 0.0, false),
};

const CASES: &[Case] = &[
    PLAIN,
    Case { name: "sub, 36 tiles", grid: "6x6", ..PLAIN },
    Case { name: "sub, 16 tiles", grid: "4x4", ..PLAIN },
    Case { name: "sub, 380 tiles on UHD", grid: "20x19", wall: UHD, ..PLAIN },
    Case { name: "main, 9 tiles", grid: "3x3", picture: FULL_HD, ..PLAIN },
    Case { name: "main, 4 tiles", grid: "2x2", picture: FULL_HD, ..PLAIN },
    Case { name: "main, 1 tile", grid: "1x1", picture: FULL_HD, ..PLAIN },
    Case { name: "main, 16 tiles on UHD", grid: "4x4", picture: FULL_HD, wall: UHD, ..PLAIN },
    Case { name: "main, 64 tiles", picture: FULL_HD, ..PLAIN },
    Case { name: "main NV12, 9 tiles", grid: "3x3", picture: FULL_HD, format: NV12, ..PLAIN },
    Case { name: "main P010, 9 tiles", grid: "3x3", picture: FULL_HD, format: P010, ..PLAIN },
    Case { name: "main filled, 9 tiles", grid: "3x4", picture: FULL_HD, fit: Fit::Fill, ..PLAIN },
    Case { name: "sub turned, 64 tiles", turn: Turn::Quarter, ..PLAIN },
    Case { name: "zoomed, 1 tile", grid: "1x1", picture: FULL_HD, view: (4.0, 0.0, false), ..PLAIN },
    Case { name: "zoomed, 9 tiles", grid: "3x3", picture: FULL_HD, view: (4.0, 0.0, false), ..PLAIN },
    Case { name: "rotated, 9 tiles", grid: "3x3", picture: FULL_HD, view: (1.0, 15.0, false), ..PLAIN },
    Case { name: "rotated zoomed, 1 tile", grid: "1x1", picture: FULL_HD, view: (4.0, 15.0, false), ..PLAIN },
    Case { name: "corrected, 1 tile", grid: "1x1", picture: FULL_HD, view: (1.0, 0.0, true), ..PLAIN },
    Case { name: "corrected, 9 tiles", grid: "3x3", picture: FULL_HD, view: (1.0, 0.0, true), ..PLAIN },
];

fn main() {
    let backend = match std::env::var("WALL_BACKEND").as_deref() {
        Ok("gpu") => Backend::Gpu,
        _ => Backend::Software,
    };
    println!("{:<24} {:>9} {:>11} {:>11} {:>11}", "case", "tile", "best ms", "median ms", "wall ms");
    let wanted = std::env::args().nth(1).filter(|arg| !arg.starts_with("--"));
    for case in CASES.iter().filter(|case| wanted.as_deref().is_none_or(|part| case.name.contains(part))) {
        time(case, backend);
    }
}

fn time(case: &Case, backend: Backend) {
    let grid: Grid = case.grid.parse().expect("a grid");
    let mut wall = Wall::open(Target::Headless(case.wall), backend).expect("a wall");
    let tiles = grid.tiles();
    // Two pictures a tile in turn: a decoder's next picture is never in the cache.
    let mut scenes: [Vec<Tile>; 2] =
        [0, 1].map(|turn| (0..tiles).map(|i| tile(case, grid, i, turn)).collect());
    let rounds = (2_000 / tiles).clamp(12, 200);
    let mut millis: Vec<f64> = Vec::with_capacity(rounds);
    for round in 0..rounds + 2 {
        let scene = &mut scenes[round % 2];
        for tile in scene.iter_mut() {
            if let Some((_, picture)) = &mut tile.picture {
                picture.sequence = round as u64;
            }
        }
        let start = Instant::now();
        black_box(wall.draw(scene).expect("drawn"));
        if backend == Backend::Gpu {
            // Reading back waits for the device; too slow for a figure a tile, but not a lie.
            black_box(wall.snapshot().expect("read"));
        }
        millis.push(start.elapsed().as_secs_f64() * 1e3);
    }
    millis.drain(..2);
    millis.sort_by(f64::total_cmp);
    let (best, median) = (millis[0], millis[millis.len() / 2]);
    let size = grid.tile(0, case.wall);
    println!(
        "{:<24} {:>9} {:>11.4} {:>11.4} {:>11.2}",
        case.name,
        format!("{}x{}", size.width, size.height),
        best / tiles as f64,
        median / tiles as f64,
        median
    );
}

fn tile(case: &Case, grid: Grid, index: usize, turn: usize) -> Tile {
    let seed = (index * 2 + turn) as u32;
    let planes = (0..case.format.planes())
        .map(|plane| {
            let size = case.format.plane_size(plane, case.picture);
            let stride = (size.width as usize * case.format.bytes_per_texel(plane)).next_multiple_of(64);
            let mut noise = seed.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            let bytes = (0..stride * size.height as usize).map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 24) as u8
            });
            (bytes.collect(), stride)
        })
        .collect();
    let colour = Colour::by_height(case.picture.height);
    let planes = OwnedPlanes::new(planes);
    let picture = Picture::still(case.picture, case.format, colour, planes, Instant::now());
    let caption = Caption {
        title: format!("Cổng chính {}", index + 1),
        subtitle: "Trung tâm Y tế Rạch Giá".to_owned(),
        corner: "H.265".to_owned(),
        mark: String::new(),
        message: None,
    };
    let (zoom, rotation, corrected) = case.view;
    let lens = corrected.then(|| "wide-outdoor".parse().expect("a lens"));
    Tile {
        rect: grid.tile(index, case.wall),
        fit: case.fit,
        turn: case.turn,
        sight: Sight::of(View::new(Point::MIDDLE, zoom, rotation, corrected), lens),
        picture: Some((index as u64, picture)),
        dimmed: false,
        caption: Some(Arc::new(caption)),
        frame: None,
        signal: None,
    }
}
