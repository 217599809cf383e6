/** The version of the service: of the OpenAPI document, the image and the `User-Agent`. */
export const VERSION = "2.0.0";
