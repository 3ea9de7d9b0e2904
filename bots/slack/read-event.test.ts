import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedText } from './read-event.ts';

test('what was typed is read out of what Slack writes', () => {
  assert.equal(
    typedText('split <https://example.org/a.mp3?x=1&amp;y=2|example.org> &lt;3 <mailto:ada@example.org>'),
    'split https://example.org/a.mp3?x=1&y=2 <3 mailto:ada@example.org',
  );
  assert.equal(typedText('<@U1> <#C1|demos> <https://example.org'), '<@U1> <#C1|demos> <https://example.org');
});

// Cost that grew with the square of its length would be hours.
test('links without an end are read as fast as they are long', { timeout: 60_000 }, () => {
  const links = '<http:'.repeat(300_000);
  assert.equal(typedText(links), links);
});
