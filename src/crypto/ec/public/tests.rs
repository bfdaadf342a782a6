#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]
use certgate_forge::BigUint;
use p256::elliptic_curve::CurveGroup;
use proptest::prelude::*;

use super::super::field::{Element, Prime};
use super::prepared::Multiples;
use super::*;
use crate::crypto::ec::{Curve, EcPublicKey};
use std::sync::Arc;

fn prime<C: Prime<N>, const N: usize>() -> BigUint {
    C::PRIME.iter().rev().fold(BigUint::ZERO, |sum, word| (sum << 64) + *word)
}

fn element<C: Prime<N>, const N: usize>(number: &BigUint) -> Element<C, N> {
    Element::read(&number.to_bytes_be()).unwrap()
}

/// Sum, difference, product and square are those of big numbers.
fn agrees<C: Prime<N> + std::fmt::Debug, const N: usize>(left: &BigUint, right: &BigUint) {
    let prime = prime::<C, N>();
    let (left, right) = (left % &prime, right % &prime);
    let [a, b] = [&left, &right].map(element::<C, N>);
    let expect = |number: BigUint| element::<C, N>(&(number % &prime));
    assert_eq!(a.plus(&b), expect(&left + &right), "{left} + {right}");
    assert_eq!(a.minus(&b), expect(&left + &prime - &right), "{left} - {right}");
    assert_eq!(a.times(&b), expect(&left * &right), "{left} * {right}");
    assert_eq!(a.squared(), expect(&left * &left), "{left} squared");
    assert_eq!(a.doubled(), expect(&left * 2_u8), "{left} doubled");
    assert_eq!(a.halved().doubled(), a, "{left} halved");
}

fn on_all_curves(left: &BigUint, right: &BigUint) {
    agrees::<p256::NistP256, 4>(left, right);
    agrees::<p384::NistP384, 6>(left, right);
    agrees::<p521::NistP521, 9>(left, right);
    agrees::<sm2::Sm2, 4>(left, right);
}

/// Numbers at which a carry is made or not: around zero, the prime, its half, and each word's end.
fn edges<C: Prime<N>, const N: usize>() -> Vec<BigUint> {
    let prime = prime::<C, N>();
    let mut edges: Vec<BigUint> = (0_u8..3).map(BigUint::from).collect();
    edges.extend((1_u8..4).map(|less| &prime - less));
    edges.extend([&prime / 2_u8, &prime / 2_u8 + 1_u8]);
    for word in 1..=N {
        let end = BigUint::from(1_u8) << (64 * word);
        edges.extend([&end - 1_u8, end.clone(), &end + 1_u8, &end - (&end >> 32_u8)]);
        edges.push((&prime >> (64 * word)) << (64 * word));
    }
    edges
}

#[test]
fn fields_are_those_of_big_numbers_at_the_edges() {
    fn check<C: Prime<N> + std::fmt::Debug, const N: usize>() {
        let edges = edges::<C, N>();
        for left in &edges {
            edges.iter().for_each(|right| agrees::<C, N>(left, right));
        }
    }
    check::<p256::NistP256, 4>();
    check::<p384::NistP384, 6>();
    check::<p521::NistP521, 9>();
    check::<sm2::Sm2, 4>();
}

#[test]
fn what_is_not_below_the_prime_is_no_element() {
    fn check<C: Prime<N>, const N: usize>() {
        let prime = prime::<C, N>();
        assert!(Element::<C, N>::read(&(&prime - 1_u8).to_bytes_be()).is_some());
        for more in [prime.clone(), &prime + 1_u8, BigUint::from(1_u8) << (64 * N)] {
            assert!(Element::<C, N>::read(&more.to_bytes_be()).is_none(), "{more:x}");
        }
        assert!(Element::<C, N>::read(&[0; 200]).is_some_and(|zero| zero.is_zero()));
        assert!(Element::<C, N>::read(&[1]).is_some_and(|one| one == Element::ONE));
    }
    check::<p256::NistP256, 4>();
    check::<p384::NistP384, 6>();
    check::<p521::NistP521, 9>();
    check::<sm2::Sm2, 4>();
}

proptest! {
    #[test]
    fn fields_are_those_of_big_numbers(left: [[u8; 32]; 3], right: [[u8; 32]; 3]) {
        on_all_curves(&BigUint::from_bytes_be(left.as_flattened()), &BigUint::from_bytes_be(right.as_flattened()));
    }

    #[test]
    fn combinations_are_those_of_the_crates(u: [[u8; 11]; 6], v: [[u8; 11]; 6], q: [[u8; 11]; 6]) {
        let numbers = [u, v, q].map(|octets| octets.as_flattened().to_vec());
        each_curve(&numbers);
    }
}

fn each_curve(numbers: &[Vec<u8>; 3]) {
    combination::<p256::NistP256, 4>(numbers);
    combination::<p384::NistP384, 6>(numbers);
    combination::<p521::NistP521, 9>(numbers);
    combination::<sm2::Sm2, 4>(numbers);
}

/// u·G + v·Q with Q = q·G, against the multiplication of the crate, for the last octets of each number modulo the order.
fn combination<C, const N: usize>(numbers: &[Vec<u8>; 3])
where
    C: PublicCurve<N>,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: ToSec1Point<C>,
{
    let [u, v, q] =
        numbers.each_ref().map(|octets| scalar::reduced::<C>(&octets[octets.len() - C::CURVE.octets()..]));
    let base = C::ProjectivePoint::generator();
    let key = base * q;
    let wanted = (base * u + key * v).to_affine();
    let key = key.to_affine().to_sec1_point(false);
    let Some(key) = Multiples::<C, N>::new(key.as_bytes()) else { return };
    let sum = key.combine(&PublicScalar::new(&u), &PublicScalar::new(&v));
    let wanted = wanted.to_sec1_point(false);
    match Affine::<C, N>::read(wanted.as_bytes()) {
        Some(wanted) => assert!(bool::from(sum.is(&wanted)), "{} {numbers:02x?}", C::CURVE),
        None => assert!(sum.is_infinity(), "{} {numbers:02x?}", C::CURVE),
    }
}

/// Where additions meet the same point, its opposite, or infinity: Q is a small multiple of G, u and v are small or nearly the order.
#[test]
fn combinations_at_the_edges_are_those_of_the_crates() {
    fn check<C, const N: usize>()
    where
        C: PublicCurve<N>,
        FieldBytesSize<C>: ModulusSize,
        C::AffinePoint: ToSec1Point<C>,
    {
        let octets = |scalar: C::Scalar| {
            use p256::elliptic_curve::PrimeField;
            scalar.to_repr().to_vec()
        };
        let mut scalars: Vec<_> = [0_u64, 1, 2, 3, 4, 15, 16, 17, 127, 128, 129].map(C::Scalar::from).into();
        scalars.extend([1_u64, 2, 3, 16, 127].map(|less| -C::Scalar::from(less)));
        for q in [C::Scalar::from(1), C::Scalar::from(2), C::Scalar::from(16), -C::Scalar::from(1)] {
            for u in &scalars {
                scalars.iter().for_each(|v| combination::<C, N>(&[*u, *v, q].map(octets)));
            }
        }
    }
    check::<p256::NistP256, 4>();
    check::<p384::NistP384, 6>();
    check::<p521::NistP521, 9>();
    check::<sm2::Sm2, 4>();
}

#[test]
fn digits_are_the_number() {
    for fill in [0_u8, 1, 0x55, 0x77, 0x80, 0xaa, 0xff] {
        for width in 2..=8 {
            let mut octets = [fill; 32];
            octets[0] = 0x7f;
            let scalar = PublicScalar::<p256::NistP256>::new(&scalar::reduced::<p256::NistP256>(&octets));
            let digits = scalar.digits(width);
            let value =
                digits.iter().rev().fold(certgate_forge::BigInt::from(0), |sum, digit| sum * 2 + *digit);
            assert_eq!(value, BigUint::from_bytes_be(&octets).into());
            for window in digits.windows(width) {
                assert!(window.iter().filter(|digit| **digit != 0).count() < 2);
            }
            let most = 1_i32 << (width - 1);
            assert!(
                digits.iter().all(|digit| *digit == 0 || digit & 1 == 1 && i32::from(*digit).abs() < most)
            );
        }
    }
}

/// A point whose x is the order or more: its x modulo the order has one octet.
#[test]
fn an_x_above_the_order_is_found() {
    fn check<C: PublicCurve<N>, const N: usize>() {
        let five = PublicScalar::<C>::new(&C::Scalar::from(5_u64));
        let above = five.plus_order().unwrap();
        let (x, y) = (Element::read(&above).unwrap(), Element::ONE);
        let point = Point::from(Affine::<C, N> { x, y });
        assert!(!point.has_x(five.octets()) && point.has_x(&above));
        let largest = PublicScalar::<C>::new(&-C::Scalar::from(1_u64));
        assert!(largest.plus_order().is_none_or(|x| Element::<C, N>::read(&x).is_none()));
    }
    check::<p256::NistP256, 4>();
    check::<p384::NistP384, 6>();
    check::<p521::NistP521, 9>();
    check::<sm2::Sm2, 4>();
}

/// Compiles only while no secret has a conversion to [`PublicScalar`]: with one, `check` would be two functions.
#[test]
fn no_secret_becomes_a_public_scalar() {
    trait IfNone<Marker> {
        fn check() {}
    }
    impl<T> IfNone<()> for T {}
    impl<T: From<crate::crypto::proof::Secret>> IfNone<u8> for T {}
    impl<'a, T: From<&'a crate::crypto::proof::Secret>> IfNone<&'a u8> for T {}
    impl<T: From<crate::crypto::proof::Numbers>> IfNone<u16> for T {}
    impl<'a, T: From<&'a [u8]>> IfNone<&'a u16> for T {}
    impl<T: From<Vec<u8>>> IfNone<u32> for T {}
    <PublicScalar<p256::NistP256>>::check();
    <PublicScalar<p384::NistP384>>::check();
    <PublicScalar<p521::NistP521>>::check();
    <PublicScalar<sm2::Sm2>>::check();
}

/// A key that was pushed out is prepared again, and the same key is prepared once.
#[test]
fn so_many_keys_are_kept_and_the_last_used_stay() {
    let keys = PreparedKeys::kept(2);
    let [first, second, third] = [1_u64, 2, 3].map(|scalar| {
        let point = (p256::ProjectivePoint::generator() * p256::Scalar::from(scalar)).to_affine();
        EcPublicKey::decode(Curve::P256, point.to_sec1_point(false).as_bytes()).unwrap()
    });
    let get = |key| keys.get(key).unwrap();
    let (one, two) = (get(&first), get(&second));
    assert!(Arc::ptr_eq(&one, &get(&first)) && !Arc::ptr_eq(&one, &two));
    get(&third);
    assert!(Arc::ptr_eq(&one, &get(&first)), "used last before the third");
    assert!(!Arc::ptr_eq(&two, &get(&second)), "pushed out");
}

/// The memory that a cache counts for a key.
#[test]
fn a_key_takes_no_more_than_is_said() {
    let multiples = PARTS * 4 * size_of::<Multiple<p521::NistP521, 9>>();
    assert!(multiples + size_of::<PreparedKey>() + 2 * 66 + 64 < PreparedKey::BYTES, "{multiples}");
}
