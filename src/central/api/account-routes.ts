import type { AccountGate } from './account-gate.ts'
import type { ApiApp } from './api-app.ts'
import { addOidcRoutes } from './oidc-routes.ts'
import { addOwnRoutes } from './own-routes.ts'
import { addLinkRoutes, addSessionRoutes } from './session-routes.ts'
import { addAuditRoute, addTokenRoutes } from './token-routes.ts'
import { addUserRoutes } from './user-routes.ts'

export function addAccountRoutes(app: ApiApp, gate: AccountGate): void {
  addSessionRoutes(app, gate)
  addLinkRoutes(app, gate)
  addOidcRoutes(app, gate)
  addOwnRoutes(app, gate)
  addUserRoutes(app, gate)
  addTokenRoutes(app, gate)
  addAuditRoute(app, gate)
}
