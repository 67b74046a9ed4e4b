import { describe, expect, test } from 'vitest';
import { bindings, bindingsOf } from '../../src/net/bindings.js';

const node = process as unknown as { binding(name: string): object };

describe('the handles of Node', () => {
  test('are there for us in every Node that we support', () => {
    expect(bindings).not.toBeNull();
  });

  test.each(['tcp_wrap', 'stream_wrap', 'tls_wrap'])('are not used where Node gives %s no longer', (missing) => {
    const binding = (name: string): object => {
      if (name === missing) throw new Error(`No such module: ${name}`);
      return node.binding(name);
    };
    expect(bindingsOf({ binding })).toBeNull();
  });

  test.each([
    ['tcp_wrap', 'TCP'],
    ['stream_wrap', 'kLastWriteWasAsync'],
    ['tls_wrap', 'wrap'],
  ])('are not used where %s has lost its %s', (changed, lost) => {
    const binding = (name: string): object => {
      const { [lost]: _, ...others } = { ...node.binding(name) } as Record<string, unknown>;
      return name === changed ? others : node.binding(name);
    };
    expect(bindingsOf({ binding })).toBeNull();
  });

  test('are not used where a socket has lost one of its calls', () => {
    class TCP {}
    expect(bindingsOf({ binding: (name) => (name === 'tcp_wrap' ? { ...node.binding(name), TCP } : node.binding(name)) })).toBeNull();
  });

  test('are not used in a Node that has no such door at all', () => {
    expect(bindingsOf({})).toBeNull();
  });
});
