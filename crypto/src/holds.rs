//! What has to hold at compile time: the types that carry keys wipe themselves. hpke, hkdf and p256 do not
//! switch that on in the crates below them, so losing a `zeroize` feature in a manifest fails the build here.

/// Compiles only for a type that wipes itself when dropped.
const fn wipes<T: zeroize::ZeroizeOnDrop>() {}

const _: () = {
    wipes::<aes_gcm::Aes256Gcm>();
    wipes::<sha2::Sha256>();
    wipes::<p256::SecretKey>();
    wipes::<p256::ecdsa::SigningKey>();
    wipes::<p256::ecdh::SharedSecret>();
    wipes::<sm2::SecretKey>();
    #[cfg(feature = "curve25519")]
    wipes::<ed25519_dalek::hazmat::ExpandedSecretKey>();
    wipes::<sha2::Sha512>();
    wipes::<sm3::Sm3>();
    wipes::<zeroize::Zeroizing<[u8; 32]>>();
};

/// Compiles only for a type that threads can share.
const fn shared<T: Send + Sync>() {}

const _: () = {
    shared::<crate::SecretPage>();
    shared::<crate::SigningKey>();
    shared::<crate::OpeningKey>();
    shared::<crate::MacKey>();
    shared::<crate::SealChain>();
    shared::<crate::OpenChain>();
};

/// Compiles only for types that have none of the traits by which a secret slips out or multiplies: with one
/// of them, two implementations of `Silent` fit and the path becomes ambiguous.
macro_rules! silent {
    ($($secret:ty),+) => {$(
        const _: fn() = || {
            trait Silent<Which> { fn holds() {} }
            impl<T: ?Sized> Silent<()> for T {}
            struct Prints;
            impl<T: ?Sized + core::fmt::Debug> Silent<Prints> for T {}
            struct Shows;
            impl<T: ?Sized + core::fmt::Display> Silent<Shows> for T {}
            struct Multiplies;
            impl<T: ?Sized + Clone> Silent<Multiplies> for T {}
            struct Compares;
            impl<T: ?Sized + PartialEq> Silent<Compares> for T {}
            struct Lends;
            impl<T: ?Sized + AsRef<[u8]>> Silent<Lends> for T {}
            <$secret as Silent<_>>::holds();
        };
    )+};
}

silent!(
    crate::SecretPage,
    crate::SigningKey,
    crate::OpeningKey,
    crate::MacKey,
    crate::SealChain,
    crate::OpenChain,
    crate::entry::Typed
);
