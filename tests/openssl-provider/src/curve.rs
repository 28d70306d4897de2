//! Keys and signatures on either curve.

use openssl::bn::{BigNum, BigNumContext};
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private, Public};
use openssl::pkey_ctx::PkeyCtx;

pub(crate) struct Curve {
    group: EcGroup,
    /// The first number that is no private scalar any more.
    end: BigNum,
}

/// A private scalar in range, with its point.
pub(crate) struct Pair<'a> {
    curve: &'a Curve,
    scalar: BigNum,
    point: EcPoint,
}

impl Curve {
    pub(crate) fn p256() -> Result<Self, ErrorStack> {
        Self::named(Nid::X9_62_PRIME256V1, 0)
    }

    /// SM2 has no signature by n − 1.
    pub(crate) fn sm2() -> Result<Self, ErrorStack> {
        Self::named(Nid::SM2, 1)
    }

    fn named(name: Nid, less: u32) -> Result<Self, ErrorStack> {
        let group = EcGroup::from_curve_name(name)?;
        let mut end = BigNum::new()?;
        let mut context = BigNumContext::new()?;
        group.order(&mut end, &mut context)?;
        end.sub_word(less)?;
        Ok(Curve { group, end })
    }

    pub(crate) fn make_private(&self) -> Result<[u8; 32], ErrorStack> {
        loop {
            let mut scalar = [0; 32];
            openssl::rand::rand_bytes(&mut scalar)?;
            if self.private(&scalar).is_some() {
                return Ok(scalar);
            }
        }
    }

    pub(crate) fn private(&self, scalar: &[u8; 32]) -> Option<Pair<'_>> {
        let scalar = BigNum::from_slice(scalar).ok()?;
        if scalar.num_bits() == 0 || scalar >= self.end {
            return None;
        }
        let mut point = EcPoint::new(&self.group).ok()?;
        let mut context = BigNumContext::new().ok()?;
        point.mul_generator2(&self.group, &scalar, &mut context).ok()?;
        Some(Pair { curve: self, scalar, point })
    }

    /// A point from its one writing: 65 bytes, uncompressed, on the curve.
    pub(crate) fn point(&self, bytes: &[u8]) -> Option<EcPoint> {
        if bytes.len() != 65 || bytes.first() != Some(&4) {
            return None;
        }
        let mut context = BigNumContext::new().ok()?;
        EcPoint::from_bytes(&self.group, bytes, &mut context).ok()
    }

    pub(crate) fn public(&self, point: &EcPoint) -> Result<PKey<Public>, ErrorStack> {
        PKey::from_ec_key(EcKey::from_public_key(&self.group, point)?)
    }

    pub(crate) fn verify(
        &self,
        point: &EcPoint,
        digest: &[u8; 32],
        signature: &[u8; 64],
    ) -> Result<bool, ErrorStack> {
        let (r, s) = signature.split_at(32);
        let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
        let key = self.public(point)?;
        let mut context = PkeyCtx::new(&key)?;
        context.verify_init()?;
        context.verify(digest, &signature.to_der()?)
    }
}

impl Pair<'_> {
    pub(crate) fn public_bytes(&self) -> Result<[u8; 65], ErrorStack> {
        let mut context = BigNumContext::new()?;
        let bytes =
            self.point.to_bytes(&self.curve.group, PointConversionForm::UNCOMPRESSED, &mut context)?;
        bytes.try_into().map_err(|_| ErrorStack::get())
    }

    pub(crate) fn key(&self) -> Result<PKey<Private>, ErrorStack> {
        let key = EcKey::from_private_components(&self.curve.group, &self.scalar, &self.point)?;
        PKey::from_ec_key(key)
    }

    pub(crate) fn sign(&self, digest: &[u8; 32]) -> Result<[u8; 64], ErrorStack> {
        let key = self.key()?;
        let mut context = PkeyCtx::new(&key)?;
        context.sign_init()?;
        let mut der = Vec::new();
        context.sign_to_vec(digest, &mut der)?;
        let signature = EcdsaSig::from_der(&der)?;
        let both = [signature.r().to_vec_padded(32)?, signature.s().to_vec_padded(32)?].concat();
        both.try_into().map_err(|_| ErrorStack::get())
    }

    /// The x coordinate of the shared point.
    pub(crate) fn agree(&self, other: &EcPoint) -> Result<Vec<u8>, ErrorStack> {
        let (own, other) = (self.key()?, self.curve.public(other)?);
        let mut deriver = Deriver::new(&own)?;
        deriver.set_peer(&other)?;
        deriver.derive_to_vec()
    }
}
