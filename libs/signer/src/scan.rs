//! Reading codes out of a picture: what a camera saw, or a photo or a screen that was kept.
//!
//! What is read is text that anybody can have printed: whoever takes it in reads it as strictly as what is typed.

use rqrr::PreparedImage;
use thiserror::Error;

/// The largest picture. A code of 77 modules along a side needs some 300 pixels; more than a screenful shows nothing more.
pub const PIXELS_MAX: usize = 2 * 1024 * 1024;

/// Why a picture cannot be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PictureError {
    /// Larger than any.
    #[error("the picture has more than {PIXELS_MAX} pixels: make it smaller")]
    TooLarge,
    /// Another number of bytes than of pixels.
    #[error("the picture has {bytes} bytes and not one for each of its {width} times {height} pixels")]
    NotWhole {
        /// How many there are.
        bytes: usize,
        /// Its width.
        width: usize,
        /// Its height.
        height: usize,
    },
}

/// The texts of the codes in a picture, one byte of grey for each pixel, row by row; none where none is found.
pub fn texts(width: usize, height: usize, grey: &[u8]) -> Result<Vec<String>, PictureError> {
    let pixels = width.checked_mul(height).filter(|pixels| *pixels <= PIXELS_MAX);
    let pixels = pixels.ok_or(PictureError::TooLarge)?;
    if pixels != grey.len() {
        let bytes = grey.len();
        return Err(PictureError::NotWhole { bytes, width, height });
    }
    if width < SIDE_MIN || height < SIDE_MIN {
        return Ok(Vec::new());
    }
    let mut picture = PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
    let found = picture.detect_grids();
    // What looks like a code and cannot be read is looked at again in the next picture.
    Ok(found.iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect())
}

/// The smallest code has 21 modules along a side.
const SIDE_MIN: usize = 21;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::Code;

    /// A picture of codes side by side, so many pixels to a module.
    fn picture(codes: &[Code], scale: usize) -> (usize, usize, Vec<u8>) {
        let side = usize::try_from(codes[0].units()).unwrap() * scale;
        let width = side * codes.len();
        let pixel = |at: usize| {
            let (x, y) = (at % width, at / width);
            let module = |pixel: usize| i32::try_from(pixel % side / scale).unwrap() - 4;
            if codes[x / side].is_dark(module(x), module(y)) {
                20
            } else {
                230
            }
        };
        (width, side, (0..width * side).map(pixel).collect())
    }

    #[track_caller]
    fn check(texts_of: &[&str], scale: usize) {
        let codes: Vec<_> = texts_of.iter().map(|text| Code::of(text)).collect();
        let (width, height, grey) = picture(&codes, scale);
        let mut found = texts(width, height, &grey).unwrap();
        found.sort();
        let mut expected = texts_of.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn codes_in_a_picture_are_read() {
        check(&["LOT-0123456789"], 3);
        check(&["VETA1:ABCDEFGH:1:2:MZXW6", "VETA1:ABCDEFGH:2:2:YTBOI"], 4);
        check(&[&"A".repeat(470)], 3);
    }

    #[test]
    fn what_is_no_picture_is_refused_and_what_has_no_code_has_none() {
        let wrong = |width, height, bytes| texts(width, height, &vec![0; bytes]).unwrap_err();
        let not_whole = |bytes| PictureError::NotWhole {
            bytes,
            width: 30,
            height: 30,
        };
        assert_eq!(wrong(30, 30, 899), not_whole(899));
        assert_eq!(wrong(30, 30, 901), not_whole(901));
        assert_eq!(wrong(usize::MAX, 2, 0), PictureError::TooLarge);
        assert_eq!(wrong(PIXELS_MAX + 1, 1, 0), PictureError::TooLarge);
        for side in [0, 1, 20, 21, 64] {
            for shade in [0, 127, 255] {
                assert_eq!(
                    texts(side, side, &vec![shade; side * side]).unwrap(),
                    Vec::<String>::new()
                );
            }
        }
    }
}
