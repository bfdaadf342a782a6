//! Identifier octets and their names.

use std::fmt;

/// An identifier octet, shown by its name.
pub(crate) struct Tag(pub(crate) u8);

/// The one table: the constant, the octet, and what people call it.
macro_rules! tags {
    ($($name:ident = $octet:literal, $shown:literal;)*) => {
        $(pub(crate) const $name: u8 = $octet;)*

        impl fmt::Display for Tag {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.0 {
                    $($octet => f.write_str($shown),)*
                    other if other & 0xC0 == 0x80 => write!(f, "[{}]", other & 0x1F),
                    other => write!(f, "tag 0x{other:02X}"),
                }
            }
        }
    };
}

tags! {
    BOOLEAN = 0x01, "BOOLEAN";
    INTEGER = 0x02, "INTEGER";
    BIT_STRING = 0x03, "BIT STRING";
    OCTET_STRING = 0x04, "OCTET STRING";
    NULL = 0x05, "NULL";
    OID = 0x06, "OBJECT IDENTIFIER";
    ENUMERATED = 0x0A, "ENUMERATED";
    UTF8_STRING = 0x0C, "UTF8String";
    NUMERIC_STRING = 0x12, "NumericString";
    PRINTABLE_STRING = 0x13, "PrintableString";
    T61_STRING = 0x14, "T61String";
    IA5_STRING = 0x16, "IA5String";
    UTC_TIME = 0x17, "UTCTime";
    GENERALIZED_TIME = 0x18, "GeneralizedTime";
    VISIBLE_STRING = 0x1A, "VisibleString";
    GENERAL_STRING = 0x1B, "GeneralString";
    UNIVERSAL_STRING = 0x1C, "UniversalString";
    BMP_STRING = 0x1E, "BMPString";
    SEQUENCE = 0x30, "SEQUENCE";
    SET = 0x31, "SET";
    CONTEXT_1_PRIMITIVE = 0x81, "[1]";
    CONTEXT_2_PRIMITIVE = 0x82, "[2]";
    CONTEXT_0 = 0xA0, "[0]";
    CONTEXT_1 = 0xA1, "[1]";
    CONTEXT_3 = 0xA3, "[3]";
}
