/** Keeps a section that breaks from taking the banner and the navigation with it, and says what to do. */
import { Component, type ReactNode } from 'react';
import { Failure } from './failure.js';

type State = { error: Error | null };

export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    // A newer version was deployed while this page was open: its parts have other names.
    return <Failure what="This section could not be shown." error={error} retry={() => location.reload()} />;
  }
}
