/** What a person does once so that the app is in Slack, in order. */
export function setupSteps(overHttp: boolean): readonly string[] {
  const make = [
    'Open https://api.slack.com/apps, "Create New App", "From a manifest", choose the workspace, and paste what stands above (without --url: bots/slack/manifest.json).',
  ];
  const channel = 'Invite it into the channels where the band talks: /invite @Woodshed.';
  return overHttp
    ? [
        ...make,
        'Under "Basic Information" copy Client ID, Client Secret and Signing Secret into SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET.',
        'Start the Slack bot so that the public address of the manifest reaches its SLACK_PORT (8081) over https.',
        'Each workspace installs it at <public address>/slack/install; its tokens are kept sealed and renewed by themselves.',
        channel,
      ]
    : [
        ...make,
        'Install it into the workspace ("Install App"), and put the bot token (xoxb-…) into SLACK_BOT_TOKEN.',
        'Under "Basic Information", "App-Level Tokens", make one with the scope connections:write, and put it (xapp-…) into SLACK_APP_TOKEN.',
        channel,
      ];
}
