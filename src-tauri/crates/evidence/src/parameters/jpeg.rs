//! The size of a JPEG picture, from its frame header (ITU-T T.81, section B.2.2).

use super::{Introduction, Unintroduced, side};

pub(super) fn introduce(picture: &[u8]) -> Result<Introduction, Unintroduced> {
    let (width, height) = size(picture).ok_or(Unintroduced("JPEG frame header"))?;
    Ok(Introduction { private: Vec::new(), width, height })
}

fn size(picture: &[u8]) -> Option<(u32, u32)> {
    let mut rest = picture.strip_prefix(&[0xff, 0xd8])?;
    loop {
        rest = rest.strip_prefix(&[0xff])?;
        let (&marker, behind) = rest.split_first()?;
        match marker {
            0xff => {} // fill byte
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let header = behind.get(3..7)?;
                let side_of = |at: usize| u32::from(u16::from_be_bytes([header[at], header[at + 1]]));
                return side(Some(side_of(2))).zip(side(Some(side_of(0))));
            }
            0xd8..=0xda | 0 => return None,
            _ => {
                let length = u16::from_be_bytes(*behind.first_chunk::<2>()?);
                rest = behind.get(usize::from(length)..)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_stands_in_the_frame_header() {
        let head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 1, 0x20, 1, 0x60, 3];
        assert_eq!(size(&head), Some((352, 288)));
        for cut in 0..head.len() - 1 {
            assert_eq!(size(&head[..cut]), None);
        }
    }
}
