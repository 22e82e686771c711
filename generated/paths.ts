// Generated from spec/openapi.json by `npm run generate`; an edit here is lost.
// Something is wrong? Report it to the maintainers of make-api-tokens, with these lines.
// spec/openapi.json SHA-256: a127454ddd495207795d51ced9380b2304fef7e788bcda5e96ace81e68f5a170

export interface paths {
  "/users/me/api-tokens": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List users API tokens
     * @description Gets the API tokens of the currently authenticated user.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Successful response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              apiTokens?: {
                token?: string;
                scope?: string[];
                /** Format: date-time */
                created?: string;
                label?: string;
              }[];
            };
          };
        };
      };
    };
    put?: never;
    /**
     * Create new API token
     * @description Create a new API token for the currently authenticated user. Specify the API token scopes in the `scope` array parameter.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          "application/json": {
            /** @description The API token label visible in the Make user profile. */
            label: string;
            /**
             * @description The API scopes provided to the API token. The API scopes determine the scope of operations that you can do with the API token.
             *
             *     Check the list of all existing Make API scopes with the API call `GET /enums/user-api-tokes-scopes`.
             */
            scope: string[];
          };
        };
      };
      responses: {
        /** @description Successful response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              apiToken?: {
                token?: string;
                scope?: string[];
                /** Format: date-time */
                created?: string;
                label?: string;
              };
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/users/me/api-tokens/{timestamp}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete API token
     * @description Deletes currently authenticated user's API token with the specified creation timestamp. Get the API token creation timestamp with the API call `GET /users/me/api-tokens` in the parameter value `created`. Copy the timestamp string to the API call path to delete the API token.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description The timestamp of the moment when you created the API key in the ISO 8601 compliant format. */
          timestamp: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Successful response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** Format: date-time */
              apiToken?: string;
            };
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: never;
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
