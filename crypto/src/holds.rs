//! What has to hold at compile time: the types that carry keys wipe themselves. hpke, hkdf and p256 do not switch
//! that on in the crates below them, so losing a `zeroize` feature in a manifest fails the build here.

/// Compiles only for a type that wipes itself when dropped.
const fn wipes<T: zeroize::ZeroizeOnDrop>() {}

const _: () = {
    wipes::<aes_gcm::Aes256Gcm>();
    wipes::<sha2::Sha256>();
    wipes::<p256::SecretKey>();
    wipes::<p256::ecdsa::SigningKey>();
    wipes::<p256::ecdh::SharedSecret>();
    wipes::<zeroize::Zeroizing<[u8; 32]>>();
};
