import type { CertificateAuthority } from '../../enrolment/authority.ts'
import type { SpecialCertificates } from '../../enrolment/special-certificates.ts'
import type { Clock } from '../../kernel/clock.ts'
import { MOBILECONFIG_TYPE } from '../../profiles/apple/mobileconfig.ts'
import { signMobileConfig } from '../../profiles/apple/sign-mobileconfig.ts'
import type { ProfileFile } from '../../profiles/profile-output.ts'

interface Parts {
  readonly authority: Pick<CertificateAuthority, 'chainOf'>
  readonly specialCertificates: Pick<SpecialCertificates, 'profileSigner'>
  readonly clock: Clock
}

/** Signs files of a form that can be signed, with a certificate of the own CA. */
export class ProfileSigner {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async sign(files: readonly ProfileFile[]): Promise<readonly ProfileFile[]> {
    if (!files.some(isSignable)) return files
    const { authority, specialCertificates, clock } = this.#parts
    const { certificate, privateKey } = await specialCertificates.profileSigner()
    const signer = { certificate, privateKey, chain: authority.chainOf(certificate) }
    return files.map((file) =>
      isSignable(file)
        ? { ...file, content: signMobileConfig(Buffer.from(file.content as string), signer, clock.now()) }
        : file,
    )
  }
}

function isSignable({ mediaType }: ProfileFile): boolean {
  return mediaType === MOBILECONFIG_TYPE
}
