/** The fixed fields of a Path Item Object that hold an operation (OpenAPI 3.0, section 4.7.9). */
export const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
