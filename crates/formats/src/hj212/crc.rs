//! The check of HJ 212, annex A. It is not CRC-16/MODBUS: each step keeps only the high byte, so
//! there are just 256 possible results. It tells a slip from a good frame about 255 times in 256
//! and proves nothing more; identity and integrity rest on other things.

/// How a device computes its check. Some in the field use MODBUS; a device is registered with one
/// way, and the other is never taken in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CrcMode {
    /// Annex A of HJ 212.
    #[default]
    Standard,
    /// CRC-16/MODBUS.
    Modbus,
}

impl CrcMode {
    /// The word in registers and arguments.
    pub fn word(self) -> &'static str {
        match self {
            CrcMode::Standard => "standard",
            CrcMode::Modbus => "modbus",
        }
    }

    /// The check of a data segment.
    pub fn of(self, segment: &[u8]) -> u16 {
        match self {
            CrcMode::Standard => crc(segment),
            CrcMode::Modbus => modbus(segment),
        }
    }

    /// True when some data could have this check at all.
    pub fn can_be(self, crc: u16) -> bool {
        self == CrcMode::Modbus || TABLE.contains(&crc)
    }
}

/// What eight shifts make of each byte.
const TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut crc, mut shift) = (byte as u16, 0);
        while shift < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xA001 } else { crc >> 1 };
            shift += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

/// What becomes of the high byte in so many steps, from one to eight. The steps are linear, so what eight
/// bytes make of it is the sum, without carry, of what each makes by itself.
const HIGH: [[u8; 256]; 8] = {
    let mut high = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let (mut step, mut at) = (0, byte);
        while step < 8 {
            high[step][byte] = (TABLE[at] >> 8) as u8;
            at = high[step][byte] as usize;
            step += 1;
        }
        byte += 1;
    }
    high
};

/// The check of HJ 212 over a data segment.
pub fn crc(segment: &[u8]) -> u16 {
    let Some((last, before)) = segment.split_last() else { return 0xFFFF };
    let (eights, rest) = before.as_chunks::<8>();
    let mut high = 0xFF_u8;
    for eight in eights {
        let mut next = HIGH[7][usize::from(high ^ eight[0])];
        for (byte, table) in eight[1..].iter().zip(HIGH[..7].iter().rev()) {
            next ^= table[usize::from(*byte)];
        }
        high = next;
    }
    high = rest.iter().fold(high, |high, byte| HIGH[0][usize::from(high ^ byte)]);
    TABLE[usize::from(high ^ last)]
}

/// CRC-16/MODBUS over the same, for devices registered with it and to name a mistake.
pub fn modbus(segment: &[u8]) -> u16 {
    segment.iter().fold(0xFFFF, |crc, byte| (crc >> 8) ^ TABLE[usize::from(crc as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loop as the annex has it, bit by bit.
    fn by_the_annex(segment: &[u8]) -> u16 {
        let mut crc: u16 = 0xFFFF;
        for byte in segment {
            crc = (crc >> 8) ^ u16::from(*byte);
            for _ in 0..8 {
                let low = crc & 1;
                crc >>= 1;
                if low == 1 {
                    crc ^= 0xA001;
                }
            }
        }
        crc
    }

    #[test]
    fn the_walk_through_of_one_letter() {
        // By hand: 0xFFFF >> 8 ^ 0x41 = 0x00BE, then eight shifts.
        assert_eq!((crc(b"A"), crc(b"")), (0x7080, 0xFFFF));
    }

    #[test]
    fn the_table_agrees_with_the_loop_of_the_annex() {
        for seed in 0..200_u32 {
            let bytes: Vec<u8> = (0..seed).map(|i| (i.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 13) as u8).collect();
            assert_eq!(crc(&bytes), by_the_annex(&bytes));
        }
        assert!(CrcMode::Standard.can_be(0x4040) && !CrcMode::Standard.can_be(0x4041));
        // The published check value of CRC-16/MODBUS.
        assert_eq!(modbus(b"123456789"), 0x4B37);
    }
}
