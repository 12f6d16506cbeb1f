//! What a monitor says of itself (VESA E-EDID Standard, release A2, §3).

const HEADER: [u8; 8] = [0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];

/// Maker, product and serial number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edid {
    maker: String,
    product: u16,
    serial: u32,
    serial_text: String,
    model: String,
}

impl Edid {
    /// `None` unless the first block is whole and its checksum right.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let block = bytes.get(..128)?;
        let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        if block[..8] != HEADER || sum != 0 {
            return None;
        }
        let maker = u16::from_be_bytes([block[8], block[9]]);
        // Three letters of five bits, A is 1.
        let letter = |shift: u16| char::from(b'@' + (maker >> shift & 31) as u8);
        Some(Self {
            maker: [letter(10), letter(5), letter(0)].into_iter().collect(),
            product: u16::from_le_bytes([block[10], block[11]]),
            serial: u32::from_le_bytes([block[12], block[13], block[14], block[15]]),
            serial_text: descriptor(block, 0xff),
            model: descriptor(block, 0xfc),
        })
    }

    pub(super) fn key(&self) -> String {
        let serial = if self.serial_text.is_empty() {
            format!("{:08X}", self.serial)
        } else {
            self.serial_text.clone()
        };
        format!("{}-{:04X}-{serial}", self.maker, self.product)
    }

    pub(super) fn name(&self) -> String {
        if self.model.is_empty() {
            format!("{} {:04X}", self.maker, self.product)
        } else {
            self.model.clone()
        }
    }
}

/// The text of the display descriptor with this tag (§3.10.3); only what can be printed.
fn descriptor(block: &[u8], tag: u8) -> String {
    let text = block[54..126]
        .chunks_exact(18)
        .find(|descriptor| descriptor[..3] == [0, 0, 0] && descriptor[3] == tag)
        .map_or(&[][..], |descriptor| &descriptor[5..]);
    let text = text.iter().take_while(|byte| **byte != b'\n').filter(|byte| (0x20..0x7f).contains(*byte));
    text.map(|byte| char::from(*byte)).collect::<String>().trim().to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A DELL U2412M, its serial number made up.
    pub(in super::super) const DELL: &[u8] = &dell();

    const fn dell() -> [u8; 128] {
        let mut edid = [0_u8; 128];
        let mut i = 0;
        while i < 8 {
            edid[i] = HEADER[i];
            i += 1;
        }
        // DEL, A07A
        edid[8] = 0x10;
        edid[9] = 0xac;
        edid[10] = 0x7a;
        edid[11] = 0xa0;
        edid[12] = 0x53;
        edid[54 + 3] = 0xff;
        edid[72 + 3] = 0xfc;
        let (serial, model) = (b"M2GCR1A\n     ", b"DELL U2412M\n ");
        let mut i = 0;
        while i < 13 {
            edid[54 + 5 + i] = serial[i];
            edid[72 + 5 + i] = model[i];
            i += 1;
        }
        let mut sum = 0_u8;
        let mut i = 0;
        while i < 127 {
            sum = sum.wrapping_add(edid[i]);
            i += 1;
        }
        edid[127] = 0_u8.wrapping_sub(sum);
        edid
    }

    #[test]
    fn maker_product_and_serial_number() {
        let edid = Edid::parse(DELL).unwrap();
        assert_eq!(edid.key(), "DEL-A07A-M2GCR1A");
        assert_eq!(edid.name(), "DELL U2412M");
    }

    #[test]
    fn a_broken_one_is_not_believed() {
        assert_eq!(Edid::parse(&[]), None);
        assert_eq!(Edid::parse(&DELL[..127]), None);
        let mut broken = DELL.to_vec();
        broken[20] ^= 1;
        assert_eq!(Edid::parse(&broken), None);
        let mut headless = DELL.to_vec();
        headless[0] = 1;
        headless[127] = headless[127].wrapping_sub(1);
        assert_eq!(Edid::parse(&headless), None);
    }
}
