/** Stylesheets are imported for the bundler alone: they have nothing to give to the code. */
declare module '*.css';
