//! Private scalars and their public points, on either curve, without a branch on their value. The libraries' own
//! constructors branch on whether a scalar is in range and on how a point is written.

use super::PUBLIC_KEY_BYTES;
use crate::{
    Error,
    classify::{self, Reason},
};
use p256::elliptic_curve::{
    CurveArithmetic, Field, FieldBytes, Group, NonZeroScalar, ProjectivePoint,
    group::Curve as _,
    point::AffineCoordinates,
    subtle::{Choice, ConstantTimeEq},
};

/// A scalar of 1 … n − 1, big endian; `refused` is one more value that is not taken.
///
/// # Errors
/// [`Error::BadKey`]; `why` says what learning that gives away.
pub(super) fn read<C>(
    bytes: &[u8; 32],
    refused: Option<&C::Scalar>,
    why: Reason,
) -> Result<NonZeroScalar<C>, Error>
where
    C: CurveArithmetic,
    FieldBytes<C>: From<[u8; 32]>,
{
    let found = NonZeroScalar::<C>::from_repr((*bytes).into());
    let in_range = found.is_some();
    // One keeps the place of what is out of range, which is refused below.
    let one = NonZeroScalar::<C>::new(C::Scalar::ONE).into_option().ok_or(Error::BadKey)?;
    let scalar = found.unwrap_or(one);
    let also = refused.map_or(Choice::from(0), |refused| scalar.as_ref().ct_eq(refused));
    if classify::public_bit((in_range & !also).into(), why) { Ok(scalar) } else { Err(Error::BadKey) }
}

/// The public point, SEC1 uncompressed. It is public from here on.
pub(super) fn public_of<C>(scalar: &NonZeroScalar<C>) -> [u8; PUBLIC_KEY_BYTES]
where
    C: CurveArithmetic,
    C::AffinePoint: AffineCoordinates<FieldRepr = FieldBytes<C>>,
{
    let point = ProjectivePoint::<C>::mul_by_generator(scalar).to_affine();
    let mut public = [0; PUBLIC_KEY_BYTES];
    public[0] = 4;
    public[1..33].copy_from_slice(&point.x());
    public[33..].copy_from_slice(&point.y());
    classify::public(&mut public, Reason::Sent);
    public
}
