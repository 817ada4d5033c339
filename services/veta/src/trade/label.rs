//! What is printed for a lot and tied to it: its id as a code and in words, its form and its gross mass.

use core::fmt::Write;

use event::LotId;
use signer::lots::{self, Facts};
use signer::qr::Code;

/// A7 upright, in millimetres.
const WIDTH: u32 = 74;
const HEIGHT: u32 = 105;
/// The code's left and upper edge, and how large it is.
const CODE_LEFT: u32 = 6;
const CODE_TOP: u32 = 4;
const CODE_SIDE: u32 = 62;

const TAKES: &str = "a String takes everything";

/// A label. It has no name of anybody on it.
#[derive(Clone, Debug)]
pub struct Label {
    /// Of which lot.
    pub lot: LotId,
    /// What it is.
    pub facts: Facts,
}

impl Label {
    /// What the code says: the id in capitals, which any case of it is read as; its check character finds what was
    /// mistyped.
    #[must_use]
    pub fn text(&self) -> String {
        self.lot.to_string().to_uppercase()
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::of(&self.text())
    }

    /// What stands below the code, for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            self.lot.to_string(),
            lots::form(self.facts.form).to_owned(),
            self.facts.gross_mass.to_string(),
            lots::basis(self.facts.basis).to_owned(),
        ];
        if let Some(claim) = self.facts.fineness {
            lines.push(format!("{} fine by {}", claim.fineness, lots::method(claim.method)));
        }
        lines
    }

    /// A page to print, A7. Every text in it is ours: ids, numbers and words of the vocabulary.
    #[must_use]
    pub fn svg(&self) -> String {
        let (code, lines) = (self.code(), self.lines());
        let (units, path) = (code.units(), code.path());
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}mm\" height=\"{HEIGHT}mm\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n\
             <title>{}</title>\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\" />\n\
             <svg x=\"{CODE_LEFT}\" y=\"{CODE_TOP}\" width=\"{CODE_SIDE}\" height=\"{CODE_SIDE}\" viewBox=\"0 0 {units} {units}\" shape-rendering=\"crispEdges\">\n\
             <path d=\"{path}\" fill=\"#000\" />\n\
             </svg>\n\
             <g font-family=\"monospace\" text-anchor=\"middle\" fill=\"#000\">\n",
            lines[0]
        );
        // The id as wide as the code, so that it can be read and typed; the others larger, one below the other.
        for (place, line) in (0_u32..).zip(&lines) {
            let middle = WIDTH / 2;
            match place {
                0 => writeln!(
                    out,
                    "<text x=\"{middle}\" y=\"71\" font-size=\"3.3\" textLength=\"{CODE_SIDE}\">{line}</text>"
                ),
                1 | 2 => writeln!(
                    out,
                    "<text x=\"{middle}\" y=\"{}\" font-size=\"6\">{line}</text>",
                    72 + 8 * place
                ),
                _ => writeln!(
                    out,
                    "<text x=\"{middle}\" y=\"{}\" font-size=\"3\">{line}</text>",
                    78 + 5 * place
                ),
            }
            .expect(TAKES);
        }
        out.push_str("</g>\n</svg>\n");
        out
    }
}
