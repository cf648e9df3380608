import type { Sealer } from '../../../kernel/seal.ts'
import { CLIENT_OUTPUTS } from '../../../profiles/client-outputs.ts'
import { ProfileLinkStore } from '../../../profiles/links/profile-link-store.ts'
import type { Database } from '../../../store/database.ts'
import { CertificateIssuing } from '../../api/certificate-issuing.ts'
import type { RemoteStores } from '../../store-thread.ts'
import { type ProfileMakerParts, profileMaker } from '../open-profile-maker.ts'
import { ProfileLinks } from './profile-links.ts'

interface Parts extends ProfileMakerParts {
  readonly reader: Database
  readonly stores: Pick<RemoteStores, 'challenges' | 'anchors' | 'profileLinks' | 'audit'>
  readonly sealer: Sealer
}

/** Links over the parts of the house: read from the reader connection, written through the store thread. */
export function openProfileLinks(parts: Parts): ProfileLinks {
  const { configuration, reader, stores, identities, sealer, clock, logging } = parts
  return new ProfileLinks({
    ...{ identities, sealer, clock, outputs: CLIENT_OUTPUTS },
    configuration: () => configuration.snapshot.configuration,
    maker: profileMaker(parts, new CertificateIssuing(parts)),
    read: new ProfileLinkStore(reader.kysely),
    store: stores.profileLinks,
    audit: stores.audit,
    log: logging.for('pki'),
  })
}
