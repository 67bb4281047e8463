/** Routes with a promise of their own: any one of the paths has to be recognized, in every disguise of it. */
export interface Routes {
  readonly name: string;
  readonly parameter: string;
  readonly method: string;
  readonly paths: readonly string[];
}

const names = (...words: readonly string[]) =>
  words.flatMap((word) => [`/${word}`, `/auth/${word}`, `/api/${word}`, `/api/auth/${word}`, `/api/v1/${word}`]);

/** The usual English names, with and without what stands before them. */
export const routes: readonly Routes[] = [
  {
    name: 'login',
    parameter: 'edge.limits.login',
    method: 'POST',
    paths: names('login', 'log-in', 'signin', 'sign-in', 'session', 'sessions', 'token'),
  },
  {
    name: 'password reset',
    parameter: 'edge.limits.passwordReset',
    method: 'POST',
    paths: names(
      'password',
      'password-reset',
      'reset-password',
      'forgot-password',
      'password/reset',
      'password/forgot',
      'recover',
    ),
  },
  {
    name: 'contact',
    parameter: 'edge.limits.contact',
    method: 'POST',
    paths: names('contact', 'contact-us', 'feedback', 'support'),
  },
  {
    name: 'sign-up',
    parameter: 'edge.limits.signUp',
    method: 'POST',
    paths: names('signup', 'sign-up', 'register', 'registration'),
  },
  {
    name: 'billing',
    parameter: 'edge.limits.billing',
    method: 'POST',
    paths: names('billing', 'billing/subscription', 'checkout', 'payments', 'invoices'),
  },
  {
    name: 'API',
    parameter: 'edge.limits.api',
    method: 'GET',
    paths: ['/api', '/api/orders', '/api/v1/orders', '/v1/orders', '/graphql'],
  },
  { name: 'public', parameter: 'edge.limits.public', method: 'GET', paths: ['/an-ordinary-page'] },
];

/** What a user pool has: no routes, one API. */
export const wholePool: Routes = { name: 'user pool', parameter: 'edge.limits.api', method: 'POST', paths: ['/'] };

/** The same path as servers read it, written otherwise: case, encoding, slashes, dots. */
export const disguises: readonly ((path: string) => string)[] = [
  (path) => path.toUpperCase(),
  (path) => `${path.slice(0, 1)}%${(path.charCodeAt(1) || 0x2f).toString(16)}${path.slice(2)}`,
  (path) => `/${path}`,
  (path) => `/.${path}`,
  (path) => `/x/..${path}`,
  (path) => `${path}/`,
];
