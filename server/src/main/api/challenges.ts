import type { ChallengeNames } from '../../enrolment/challenges/challenge.ts'
import type { ChallengeRecord } from '../../enrolment/challenges/challenge-store.ts'
import { Challenges } from '../../enrolment/challenges/challenges.ts'
import { withBuiltIn } from '../../enrolment/registration/built-in-template.ts'
import type { Challenge, Services } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function challengeApi({
  stores,
  identities,
  configuration,
  clock,
}: Pick<ApiParts, 'stores' | 'identities' | 'configuration' | 'clock'>): Services['challenges'] {
  const served = () => configuration.snapshot.configuration
  const challenges = new Challenges({
    challenges: stores.challenges,
    templates: () => withBuiltIn(served().certificateTemplates),
    minutes: () => served().enrolment.scep.challengeMinutes,
    ...{ identities, clock },
  })
  const challengeOf = (record: ChallengeRecord): Challenge => {
    const { dns = [], ip = [] } = JSON.parse(record.names) as ChallengeNames // written by Challenges alone
    const isExpired = record.expires_at <= clock.now()
    return {
      id: record.id,
      template: record.template,
      ...optional('user', record.user_name),
      ...optional('deviceId', record.device_id),
      ...optional('subject', record.subject),
      ...{ dns, ip },
      ...optional('minimumRsaBits', record.minimum_rsa_bits),
      state: record.used_at !== null ? 'used' : isExpired ? 'expired' : 'open',
      createdBy: record.created_by,
      createdAt: instant(record.created_at),
      expiresAt: instant(record.expires_at),
      ...optional('usedAt', record.used_at === null ? null : instant(record.used_at)),
    }
  }
  return {
    list: async (limit) => (await challenges.list(limit)).map(challengeOf),
    create: async (wish, by) => {
      const { record, challenge } = await challenges.create(wish, by)
      return { ...challengeOf(record), challenge }
    },
    delete: (id) => challenges.delete(id),
  }
}
