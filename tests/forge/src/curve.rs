//! Short Weierstrass curves over prime fields: domain parameters (SEC 2, RFC 5639, GB/T 32918.5) and plain, slow point
//! arithmetic. It shares no code with the crates under test. Not constant-time: the keys here are public.

use num_bigint::BigUint;

/// The domain parameters of a curve, as hexadecimal text.
#[derive(Debug, PartialEq, Eq)]
pub struct Curve {
    /// OpenSSL's name.
    pub name: &'static str,
    /// Object identifier, dotted.
    pub oid: &'static str,
    /// Length of a field element, in octets.
    pub size: usize,
    p: &'static str,
    a: &'static str,
    b: &'static str,
    x: &'static str,
    y: &'static str,
    n: &'static str,
}

/// secp224r1
pub static P224: Curve = Curve {
    name: "secp224r1",
    oid: "1.3.132.0.33",
    size: 28,
    p: "ffffffffffffffffffffffffffffffff000000000000000000000001",
    a: "fffffffffffffffffffffffffffffffefffffffffffffffffffffffe",
    b: "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4",
    x: "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
    y: "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
    n: "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d",
};

/// prime256v1
pub static P256: Curve = Curve {
    name: "prime256v1",
    oid: "1.2.840.10045.3.1.7",
    size: 32,
    p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    a: "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
    b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    n: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
};

/// secp384r1
pub static P384: Curve = Curve {
    name: "secp384r1",
    oid: "1.3.132.0.34",
    size: 48,
    p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    a: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc",
    b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    x: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
    y: "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
    n: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
};

/// secp521r1
pub static P521: Curve = Curve {
    name: "secp521r1",
    oid: "1.3.132.0.35",
    size: 66,
    p: "1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    a: "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc",
    b: "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    x: "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
    y: "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
    n: "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
};

/// SM2
pub static SM2: Curve = Curve {
    name: "SM2",
    oid: "1.2.156.10197.1.301",
    size: 32,
    p: "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff",
    a: "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc",
    b: "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93",
    x: "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7",
    y: "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
    n: "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123",
};

/// secp256k1
pub static SECP256K1: Curve = Curve {
    name: "secp256k1",
    oid: "1.3.132.0.10",
    size: 32,
    p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
    a: "0",
    b: "7",
    x: "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    y: "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
    n: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
};

/// brainpoolP256r1
pub static BRAINPOOL256: Curve = Curve {
    name: "brainpoolP256r1",
    oid: "1.3.36.3.3.2.8.1.1.7",
    size: 32,
    p: "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
    a: "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
    b: "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
    x: "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
    y: "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
    n: "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
};

/// An affine point; `None` is the point at infinity.
pub type Point = Option<(BigUint, BigUint)>;

/// The number that `text` writes in hexadecimal.
pub fn hex(text: &str) -> BigUint {
    BigUint::parse_bytes(text.as_bytes(), 16).unwrap()
}

/// `value` as `size` octets, big-endian, with leading zeros.
pub fn octets(value: &BigUint, size: usize) -> Vec<u8> {
    let bytes = value.to_bytes_be();
    let mut out = vec![0; size.saturating_sub(bytes.len())];
    out.extend(bytes);
    out
}

impl Curve {
    /// The field prime.
    pub fn p(&self) -> BigUint {
        hex(self.p)
    }
    /// Coefficient a.
    pub fn a(&self) -> BigUint {
        hex(self.a)
    }
    /// Coefficient b.
    pub fn b(&self) -> BigUint {
        hex(self.b)
    }
    /// The order of the base point.
    pub fn n(&self) -> BigUint {
        hex(self.n)
    }
    /// The base point.
    pub fn g(&self) -> Point {
        Some((hex(self.x), hex(self.y)))
    }

    /// `scalar` times the base point.
    pub fn base(&self, scalar: &BigUint) -> Point {
        self.times(scalar, &self.g())
    }

    /// `scalar` times `point`: double and add in Jacobian coordinates.
    pub fn times(&self, scalar: &BigUint, point: &Point) -> Point {
        let p = self.p();
        let a = self.a();
        let (x, y) = point.clone()?;
        let mut sum: Option<[BigUint; 3]> = None;
        for i in (0..scalar.bits()).rev() {
            sum = sum.and_then(|s| double(s, &a, &p));
            if scalar.bit(i) {
                sum = match sum {
                    None => Some([x.clone(), y.clone(), BigUint::from(1u8)]),
                    Some(s) => add_affine(s, &x, &y, &a, &p),
                };
            }
        }
        let [x, y, z] = sum?;
        let inverse = z.modinv(&p)?;
        let square = &inverse * &inverse % &p;
        Some((x * &square % &p, y * square * inverse % &p))
    }

    /// The point as octets: uncompressed (04 || x || y); 00 for the point at infinity.
    pub fn uncompressed(&self, point: &Point) -> Vec<u8> {
        self.encode(point, |_| 4, true)
    }
    /// The point as octets: compressed (02 or 03 || x).
    pub fn compressed(&self, point: &Point) -> Vec<u8> {
        self.encode(point, |odd| if odd { 3 } else { 2 }, false)
    }
    /// The point as octets: hybrid (06 or 07 || x || y), X9.62 only.
    pub fn hybrid(&self, point: &Point) -> Vec<u8> {
        self.encode(point, |odd| if odd { 7 } else { 6 }, true)
    }

    fn encode(&self, point: &Point, lead: fn(bool) -> u8, with_y: bool) -> Vec<u8> {
        let Some((x, y)) = point else { return vec![0] };
        let mut out = vec![lead(y.bit(0))];
        out.extend(octets(x, self.size));
        if with_y {
            out.extend(octets(y, self.size));
        }
        out
    }
}

fn minus(a: &BigUint, b: &BigUint, p: &BigUint) -> BigUint {
    (a + p - b % p) % p
}

fn double([x, y, z]: [BigUint; 3], a: &BigUint, p: &BigUint) -> Option<[BigUint; 3]> {
    let yy = &y * &y % p;
    if yy == BigUint::ZERO {
        return None;
    }
    let s = &x * &yy * 4u8 % p;
    let zz = &z * &z % p;
    let m = (&x * &x * 3u8 + a * (&zz * &zz % p)) % p;
    let x3 = minus(&(&m * &m), &(&s * 2u8), p);
    let y3 = minus(&(m * minus(&s, &x3, p)), &(&yy * &yy * 8u8), p);
    Some([x3, y3, y * z * 2u8 % p])
}

fn add_affine(
    [x, y, z]: [BigUint; 3],
    x2: &BigUint,
    y2: &BigUint,
    a: &BigUint,
    p: &BigUint,
) -> Option<[BigUint; 3]> {
    let zz = &z * &z % p;
    let u2 = x2 * &zz % p;
    let s2 = y2 * (&zz * &z % p) % p;
    let h = minus(&u2, &x, p);
    let r = minus(&s2, &y, p);
    if h == BigUint::ZERO {
        return if r == BigUint::ZERO { double([x, y, z], a, p) } else { None };
    }
    let hh = &h * &h % p;
    let hhh = &h * &hh % p;
    let v = x * hh % p;
    let x3 = minus(&minus(&(&r * &r), &hhh, p), &(&v * 2u8), p);
    let y3 = minus(&(r * minus(&v, &x3, p)), &(y * hhh), p);
    Some([x3, y3, z * h % p])
}
