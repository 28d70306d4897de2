//! Writes a sheet of everything that the core draws, dark on light and light on dark, as a PNG picture:
//! `cargo run -p msgpay-sdk-core --features specimen --example contact_sheet -- faces.png`

use std::{fs::File, io};

use msgpay_sdk_core::{FaceSize, Picture, specimen};

/// Pixels of one theme's half.
const WIDTH: usize = 1152;

fn main() -> io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "faces.png".to_owned());
    let mut sheet = Sheet { rows: Vec::new() };
    for side in [24, 36, 48, 72] {
        sheet.wrapped((0x21..=0x7E).filter_map(|ch| specimen::character(ch, FaceSize::square(side))));
    }
    sheet.wrapped((b'0'..=b'9').filter_map(|ch| specimen::character(ch, FaceSize::square(115))));
    sheet.wrapped(specimen::marks(FaceSize::square(72)));
    sheet.wrapped([specimen::line(b"6225880137706868", &[4, 4, 4, 4], 48)]);
    sheet.wrapped([specimen::line(b"11010519491231002X", &[6, 8, 4], 48)]);
    sheet.write(&path)
}

/// Rows of alpha, each [`WIDTH`] long.
struct Sheet {
    rows: Vec<Vec<u8>>,
}

impl Sheet {
    /// Puts pictures of one height beside each other, as many as fit, then below.
    fn wrapped(&mut self, pictures: impl IntoIterator<Item = Picture>) {
        let mut left = WIDTH;
        for picture in pictures {
            let (width, height) = (usize::from(picture.width()), usize::from(picture.height()));
            if left + width > WIDTH {
                self.rows.extend(std::iter::repeat_n(vec![0; WIDTH], height));
                left = 0;
            }
            let top = self.rows.len() - height;
            for (row, line) in self.rows.iter_mut().skip(top).zip(picture.alpha().chunks_exact(width)) {
                if let Some(place) = row.get_mut(left..left + width) {
                    place.copy_from_slice(line);
                }
            }
            left += width;
        }
    }

    /// The look's own ink and ground: `#16201C` on white, `#E6EFEA` on `#121715`, as greys.
    fn write(&self, path: &str) -> io::Result<()> {
        let mut greys = Vec::with_capacity(2 * WIDTH * self.rows.len());
        for row in &self.rows {
            greys.extend(row.iter().map(|alpha| mixed(255, 29, *alpha)));
            greys.extend(row.iter().map(|alpha| mixed(21, 235, *alpha)));
        }
        let size = |pixels: usize| u32::try_from(pixels).map_err(io::Error::other);
        let mut png = png::Encoder::new(File::create(path)?, size(2 * WIDTH)?, size(self.rows.len())?);
        png.set_color(png::ColorType::Grayscale);
        png.set_depth(png::BitDepth::Eight);
        png.set_compression(png::Compression::High);
        png.write_header()?.write_image_data(&greys)?;
        Ok(())
    }
}

fn mixed(ground: u8, ink: u8, alpha: u8) -> u8 {
    let (ground, ink, alpha) = (u32::from(ground), u32::from(ink), u32::from(alpha));
    u8::try_from((ground * (255 - alpha) + ink * alpha) / 255).unwrap_or(u8::MAX)
}
