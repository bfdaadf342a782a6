//! The walk over a certificate's DER: it goes on past faults, and keeps each with its offset and path.

use crate::der::{self, DerFault, Element, Path, Reader};

use super::fault::{EncodingFault, FaultKind, Faults, LaxEncoding, OutlineFault, Unreadable};

/// One walk over one certificate.
#[derive(Default)]
pub(super) struct Walk<'a> {
    pub(super) faults: Faults<'a>,
    broken: bool,
}

impl<'a> Walk<'a> {
    /// Something is wrong with an element.
    pub(super) fn report(&mut self, offset: usize, path: &Path<'_>, kind: FaultKind<'a>) {
        self.faults.add(offset, path, kind);
    }

    /// The outline is broken: nothing can be handed on.
    pub(super) fn unreadable(&mut self, offset: usize, path: &Path<'_>, why: Unreadable) {
        self.report(offset, path, FaultKind::Outline(OutlineFault::Unreadable(why)));
    }

    /// A fault of the encoding that leaves the rest readable.
    pub(super) fn fault(&mut self, offset: usize, path: &Path<'_>, fault: DerFault) {
        self.broken = true;
        let fault = match fault {
            DerFault::Trailing(octets) => EncodingFault::Trailing(octets),
            DerFault::BooleanValue(_) | DerFault::DefaultEncoded | DerFault::BitPadding => {
                EncodingFault::Lax(LaxEncoding::Der(fault))
            }
            _ => EncodingFault::NotDer(fault),
        };
        self.report(offset, path, FaultKind::Encoding(fault));
    }

    /// The next element, which must have `tag`; a fault is returned, a lapse in its length is kept.
    fn expect(
        &mut self,
        reader: &mut Reader<'a>,
        tag: u8,
        path: &Path<'_>,
    ) -> Result<Element<'a>, (usize, DerFault)> {
        let offset = reader.offset();
        match reader.next() {
            Some(Ok(element)) if element.tag == tag => {
                if let Some(lapse) = element.lapse {
                    self.fault(offset, path, lapse);
                }
                Ok(element)
            }
            Some(Ok(element)) => Err((offset, DerFault::UnexpectedTag { expected: tag, found: element.tag })),
            Some(Err(fault)) => Err((offset, fault)),
            None => Err((offset, DerFault::Absent { expected: tag })),
        }
    }

    /// The next element, which must have `tag`; all faults are kept.
    pub(super) fn take(&mut self, reader: &mut Reader<'a>, tag: u8, path: &Path<'_>) -> Option<Element<'a>> {
        self.expect(reader, tag, path).map_err(|(offset, fault)| self.fault(offset, path, fault)).ok()
    }

    /// The next element, which must have `tag`, and without which the outline is broken.
    pub(super) fn require(
        &mut self,
        reader: &mut Reader<'a>,
        tag: u8,
        path: &Path<'_>,
    ) -> Option<Element<'a>> {
        self.expect(reader, tag, path)
            .map_err(|(offset, fault)| self.unreadable(offset, path, Unreadable::Der(fault)))
            .ok()
    }

    /// Octets after the last element that the schema knows are a fault.
    pub(super) fn finish_reader(&mut self, reader: &Reader<'_>, path: &Path<'_>) {
        if reader.left() > 0 {
            self.fault(reader.offset(), path, DerFault::Trailing(reader.left()));
        }
    }

    /// Checks an element and all inside it against the rules of DER that need no schema; says whether there was no fault.
    pub(super) fn check(&mut self, element: &Element<'_>, path: &Path<'_>) -> bool {
        let before = std::mem::take(&mut self.broken);
        der::check(element, path, &mut |offset, path, fault| self.fault(offset, path, fault));
        let clean = !self.broken;
        self.broken |= before;
        clean
    }

    /// Checks the content of a primitive element.
    pub(super) fn check_primitive(&mut self, element: &Element<'_>, path: &Path<'_>) {
        if let Some(fault) = der::primitive_fault(element) {
            self.fault(element.offset, path, fault);
        }
    }
}
