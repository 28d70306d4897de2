//! GCM with the zero nonce.

use msgpay_crypto::Error;
use openssl::cipher::Cipher;
use openssl::cipher_ctx::CipherCtx;
use openssl::error::ErrorStack;

const NONCE: [u8; 12] = [0; 12];

pub(crate) enum Key {
    Aes256([u8; 32]),
    Sm4([u8; 16]),
}

impl Key {
    fn cipher(&self) -> Result<(Cipher, &[u8]), ErrorStack> {
        match self {
            Key::Aes256(key) => Ok((Cipher::fetch(None, "AES-256-GCM", None)?, key)),
            Key::Sm4(key) => Ok((Cipher::fetch(None, "SM4-GCM", None)?, key)),
        }
    }

    pub(crate) fn seal(&self, aad: &[u8], text: &mut [u8]) -> Result<[u8; 16], ErrorStack> {
        let (cipher, key) = self.cipher()?;
        let mut context = CipherCtx::new()?;
        context.encrypt_init(Some(&cipher), Some(key), Some(&NONCE))?;
        let mut tag = [0; 16];
        run(&mut context, aad, text)?;
        context.tag(&mut tag)?;
        Ok(tag)
    }

    pub(crate) fn open(&self, aad: &[u8], text: &mut [u8], tag: &[u8; 16]) -> Result<(), Error> {
        let opened = self.cipher().and_then(|(cipher, key)| {
            let mut context = CipherCtx::new()?;
            context.decrypt_init(Some(&cipher), Some(key), Some(&NONCE))?;
            context.set_tag(tag)?;
            run(&mut context, aad, text)
        });
        // OpenSSL writes the text before it has seen the tag.
        opened.map_err(|_| {
            text.fill(0);
            Error::NotOpened
        })
    }
}

fn run(context: &mut CipherCtx, aad: &[u8], text: &mut [u8]) -> Result<(), ErrorStack> {
    if !aad.is_empty() {
        context.cipher_update(aad, None)?;
    }
    if !text.is_empty() {
        context.cipher_update_inplace(text, text.len())?;
    }
    context.cipher_final(&mut [0; 16]).map(|_| ())
}
