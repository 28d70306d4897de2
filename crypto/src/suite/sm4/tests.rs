use super::*;

const KEY: [u8; 16] =
    [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10];

fn times(n: usize) -> String {
    let cipher = Sm4::new(&KEY.into());
    let mut block = KEY.into();
    for _ in 0..n {
        BlockCipherEncrypt::encrypt_block(&cipher, &mut block);
    }
    hex::encode(block)
}

/// GB/T 32907-2016, annex A.
#[test]
fn the_standards_own_examples() {
    assert_eq!(times(1), "681edf34d206965e86b3e94f536e4246");
    assert_eq!(times(1_000_000), "595298c7c6fd271f0402f804c33d3f66");
}

#[test]
fn the_wide_table_is_the_s_box() {
    for (byte, out) in (0..).zip(S_BOX) {
        assert_eq!(substitute(byte), u32::from(out));
    }
}
