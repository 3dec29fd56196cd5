/** Where controllers find their projected tokens: one volume with one file per cloud, so that clouds do not collide. */
export const TOKEN_DIRECTORY = '/var/run/service-account';
