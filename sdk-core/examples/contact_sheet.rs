//! Writes a sheet of all key faces at three sizes as a PGM picture, dark on light and light on dark:
//! `cargo run -p msgpay-sdk-core --features specimen --example contact_sheet -- faces.pgm`

use std::io::Write as _;

use msgpay_sdk_core::{FaceSize, specimen};

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "faces.pgm".to_owned());
    let sizes = [48_u16, 72, 96, 160];
    let width = 12 * 160;
    let mut rows: Vec<Vec<u8>> = Vec::new();
    for dark in [false, true] {
        for side in sizes {
            let faces = specimen(FaceSize::square(side));
            for y in 0..usize::from(side) {
                let mut row = Vec::with_capacity(width);
                for face in &faces {
                    let from = y * usize::from(side);
                    row.extend(face.alpha().iter().skip(from).take(usize::from(side)));
                }
                row.resize(width, 0);
                rows.push(row.into_iter().map(|a| if dark { a } else { 255 - a }).collect());
            }
        }
    }
    let mut file = std::fs::File::create(path)?;
    write!(file, "P5\n{width} {}\n255\n", rows.len())?;
    for row in rows {
        file.write_all(&row)?;
    }
    Ok(())
}
