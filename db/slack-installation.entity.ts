import { defineEntity, p } from '@mikro-orm/postgresql';
import { rowProperties, touchOnUpdate } from './row.ts';

/** A workspace, or an organisation, that installed the Slack app. Its tokens come here sealed. */
export const SlackInstallation = defineEntity({
  name: 'SlackInstallation',
  tableName: 'slack_installation',
  triggers: [touchOnUpdate('slack_installation_touch')],
  properties: {
    ...rowProperties,
    workspace: p.text().unique('slack_installation_workspace_unique'),
    sealed: p.text(),
  },
});
