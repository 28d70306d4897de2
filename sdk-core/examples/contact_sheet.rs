//! Writes a sheet of everything that the core draws, dark on light and light on dark, as a PNG picture:
//! `cargo run -p msgpay-sdk-core --features specimen --example contact_sheet -- faces.png`

use std::{error::Error, fs::File, io, sync::Arc};

use msgpay_crypto::{OpeningKey, SuiteId as Suite};
use msgpay_sdk_core::{
    Entry, EntryPurpose, FaceSize, Key, Kind, Picture, Specimen, SurfaceReport, SystemClock, specimen,
};

/// Pixels of one theme's half: three phones side by side.
const WIDTH: usize = 3 * PHONE;
/// Pixels of a phone's width.
const PHONE: usize = 384;
/// Pixels of a key's height.
const ROW: usize = 56;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "faces.png".to_owned());
    let mut sheet = Sheet { rows: Vec::new() };
    for side in [24, 36, 72] {
        sheet.wrapped((0x21..=0x7E).filter_map(|ch| specimen::character(ch, FaceSize::square(side))));
    }
    sheet.wrapped((b'0'..=b'9').filter_map(|ch| specimen::character(ch, FaceSize::square(115))));
    sheet.wrapped(specimen::marks(FaceSize::square(72)));
    sheet.wrapped([specimen::line(b"6225880137706868", &[4, 4, 4, 4], 48)]);
    sheet.wrapped([specimen::line(b"11010519491231002X", &[6, 8, 4], 48)]);
    let text = opened(Kind::FullText, 44)?;
    sheet.keypads(&[(3, 0, &opened(Kind::Numeric, 56)?), (20, 0, &text), (20, 1, &text)]);
    sheet.keypads(&[(3, 0, &opened(Kind::IdNumber, 56)?), (20, 2, &text), (20, 3, &text)]);
    sheet.write(&path)?;
    Ok(())
}

/// The keys of a fresh keypad, as a host gets them.
fn opened(kind: Kind, side_px: u16) -> Result<Vec<Key>, Box<dyn Error>> {
    let entry = Entry::specimen(
        Specimen {
            purpose: EntryPurpose::PasswordNew,
            kind,
            suite: msgpay_wire::SuiteId::International,
            seal_kid: 1,
            seal_key: OpeningKey::make(Suite::International)?.public_key(),
            server_nonce: [0; 16],
            client_nonce: [0; 16],
            order_digest: [0; 32],
            lengths: 1..=64,
        },
        Arc::new(SystemClock::start()),
    );
    let report = SurfaceReport {
        capture_blocked: true,
        obscured_touches_filtered: true,
        no_text_field: true,
        nothing_kept: true,
        audio_private: true,
    };
    let (_, keys) = entry.open(report, FaceSize::square(side_px)).map_err(|fault| format!("{fault:?}"))?;
    Ok(keys)
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
            self.put(&picture, left, self.rows.len() - height);
            left += width;
        }
    }

    /// Phones side by side, each with one page of its keypad: columns of the grid, page, keys.
    fn keypads(&mut self, phones: &[(usize, u8, &[Key])]) {
        let top = self.rows.len();
        self.rows.extend(std::iter::repeat_n(vec![0; WIDTH], 5 * ROW + ROW / 2));
        for (phone, (columns, page, keys)) in phones.iter().enumerate() {
            for key in keys.iter().filter(|key| key.page == *page) {
                let (column, span) = (usize::from(key.column), usize::from(key.span));
                let middle = PHONE * (2 * column + span) / (2 * columns);
                let side = usize::from(key.face.width());
                let above = ROW * usize::from(key.row) + ROW / 2 - side / 2;
                self.put(&key.face, phone * PHONE + middle.saturating_sub(side / 2), top + above);
            }
        }
    }

    /// Inks a picture; neighbours may overlap where they are clear.
    fn put(&mut self, picture: &Picture, left: usize, top: usize) {
        let width = usize::from(picture.width());
        for (row, line) in self.rows.iter_mut().skip(top).zip(picture.alpha().chunks_exact(width)) {
            for (place, alpha) in row.iter_mut().skip(left).zip(line) {
                *place = (*place).max(*alpha);
            }
        }
    }

    /// Dark on light at the left, light on dark at the right.
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

/// Sixteen greys between ground and ink are enough for an eye, and make a small file.
fn mixed(ground: u8, ink: u8, alpha: u8) -> u8 {
    let (ground, ink, alpha) = (u32::from(ground), u32::from(ink), u32::from(alpha / 17 * 17));
    u8::try_from((ground * (255 - alpha) + ink * alpha) / 255).unwrap_or(u8::MAX)
}
