-- In the access phase of nginx: a body that is not an acceptable certificate upload is answered here, and never reaches the server behind.
local ffi = require "ffi"
ffi.cdef [[
int32_t certgate_check(const void *form, size_t length, const char *options, char **text);
void certgate_free(char *text);
]]
local certgate = ffi.load "certgate"

local gate = {}

-- Whether a form is accepted, and the report; or nil and what is wrong.
function gate.check(form, options)
  local out = ffi.new("char *[1]")
  local status = certgate.certgate_check(form, #form, options, out)
  local text = out[0] ~= nil and ffi.string(out[0]) or nil
  certgate.certgate_free(out[0])
  if status < 0 then return nil, text or "certgate has a fault" end
  return status == 0, text
end

-- The body of the request, from memory or from the file that nginx wrote it to.
local function body()
  ngx.req.read_body()
  local path = ngx.req.get_body_file()
  if not path then return ngx.req.get_body_data() or "" end
  local file = assert(io.open(path, "rb"))
  local bytes = file:read("*a")
  file:close()
  return bytes
end

-- The handler.
function gate.access(options)
  local accepted, told = gate.check(body(), options)
  if accepted then return end
  ngx.status = accepted == nil and ngx.HTTP_INTERNAL_SERVER_ERROR or ngx.HTTP_BAD_REQUEST
  ngx.header["Content-Type"] = "application/json"
  if accepted == nil then ngx.log(ngx.ERR, told) else ngx.say(told) end
  return ngx.exit(ngx.status)
end

return gate
