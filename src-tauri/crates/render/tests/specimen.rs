mod support;
use model::*;
use render::*;
use std::sync::Arc;
use support::*;

#[test]
fn specimens() {
    let titles = [
        "Cổng chính",
        "Hành lang tầng 2 khu cách ly",
        "Sân sau",
        "Phòng trực – bác sĩ Nguyễn Hữu Ngữ",
        "Cầu tàu số 3",
        "Bãi xe",
        "Quầy tiếp nhận",
        "Khu ẩm thực",
        "Cửa sau kho dược",
    ];
    let sites = [
        "Trung tâm Y tế Rạch Giá",
        "Khách sạn Hải Âu, Phú Quốc",
        "Trường Quân sự tỉnh",
        "Ký túc xá Đại học Kiên Giang",
    ];
    let messages: Vec<Message> = [
        (Icon::Connecting, "Đang kết nối…", ""),
        (Icon::Waiting, "Đang chờ đến lượt", "Đầu ghi nhận tối đa 2 kết nối cùng lúc"),
        (Icon::KeyFrame, "Đang chờ khung hình chính", ""),
        (Icon::Lock, "Sai tài khoản hoặc mật khẩu", "Không tự thử lại. Hãy nhập mật khẩu mới."),
        (Icon::NoLink, "Không kết nối được", "Từ 14:32 · thử lại sau 8 s"),
        (Icon::Limit, "Camera đã đủ 6 người xem", "Thử lại lúc 14:35"),
        (Icon::Stopped, "Đã dừng", ""),
        (Icon::Clock, "Hình cũ từ 14:31:07", "Không nhận được hình mới đã 25 s"),
        (Icon::Broken, "Không giải mã được", "Định dạng H.265 bị lỗi"),
        (Icon::NoCamera, "Chưa gán camera", ""),
    ]
    .into_iter()
    .map(|(icon, t, d)| Message { icon, text: t.into(), detail: d.into() })
    .collect();
    let backend =
        if std::env::var("WALL_BACKEND").as_deref() == Ok("gpu") { Backend::Gpu } else { Backend::Software };
    for (name, grid, size, psize) in [
        ("9", "3x3", Size::new(1920, 1080), Size::new(1920, 1080)),
        ("36", "6x6", Size::new(1920, 1080), Size::new(640, 360)),
        ("64", "8x8", Size::new(1920, 1080), Size::new(640, 360)),
        ("1", "1x1", Size::new(1920, 1080), Size::new(1920, 1080)),
    ] {
        let grid: Grid = grid.parse().unwrap();
        let p = picture(psize, PixelFormat::I420, BT601, street);
        let tiles: Vec<Tile> = (0..grid.tiles())
            .map(|i| {
                let mut t = tile(grid.tile(i, size));
                let mut c = caption(
                    &format!("{}", titles[i % titles.len()]),
                    sites[i % 4],
                    if i % 3 == 0 { "H.265 · CPU" } else { "" },
                );
                let state = i % 5;
                if name == "1" || state == 0 || state == 2 {
                    t.picture = Some((i as u64, p.clone()));
                } else if state == 1 {
                    c.message = Some(messages[(i / 5 * 3 + 1) % 10].clone());
                } else if state == 3 {
                    t.picture = Some((i as u64, p.clone()));
                    t.dimmed = true;
                    c.message = Some(messages[7].clone());
                } else {
                    c.message = Some(messages[(i / 5 * 3) % 10].clone());
                }
                if i % 11 == 7 {
                    t.turn = Turn::Quarter;
                }
                if i % 13 == 12 {
                    t.picture = None;
                    c.message = Some(messages[9].clone());
                    c.title.clear();
                    c.subtitle.clear();
                    c.corner.clear();
                }
                t.caption = Some(Arc::new(c));
                t
            })
            .collect();
        let start = std::time::Instant::now(); let mut wall = Wall::open(Target::Headless(size), backend).unwrap();
        let drawn = wall.draw(&tiles).unwrap(); println!("{} {drawn:?} {:?}", wall.backend_name(), start.elapsed());
        wall.snapshot().unwrap().save(format!("/tmp/w/wall-{name}-{}.png", if backend == Backend::Gpu {"gpu"} else {"cpu"})).unwrap();
    }
}
