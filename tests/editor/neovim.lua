-- What somebody sees who writes a script in Neovim: mistakes, help, completion, and where a name is made.
-- tests/editor/run starts it in a folder of its own.

local failed = 0

local function check(what, holds, got)
  if not holds then
    failed = failed + 1
  end
  io.write((holds and 'ok      ' or 'FAILED  ') .. what .. (holds and '' or ': ' .. vim.inspect(got)) .. '\n')
end

-- Waits until something holds, and answers whether it does.
local function until_true(holds)
  return vim.wait(10000, holds, 20)
end

local function start()
  local config = { name = 'vitally', cmd = { vim.env.VITALLY_SCRIPT, 'lsp' }, root_dir = vim.fn.getcwd() }
  if vim.lsp.start then
    return vim.lsp.start(config)
  end
  -- Before 0.8 a client is started and attached in two steps.
  local client = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(0, client)
  return client
end

local function go_to(word)
  vim.fn.cursor(1, 1)
  vim.fn.search('\\V' .. word, 'cW')
end

local function ask(method)
  local params = vim.lsp.util.make_position_params(0, 'utf-16')
  local answers = vim.lsp.buf_request_sync(0, method, params, 10000) or {}
  for _, answer in pairs(answers) do
    return answer.result
  end
end

vim.cmd('edit script.rhai')
vim.bo.filetype = 'rhai'
local client = start()
until_true(function()
  local it = vim.lsp.get_client_by_id(client)
  return it ~= nil and it.initialized
end)

local function mistakes()
  return vim.diagnostic.get(0)
end

check('a mistake is shown', until_true(function() return #mistakes() > 0 end), mistakes())
local first = mistakes()[1] or {}
-- The clef before it is one letter, two units of the protocol and four bytes of the editor.
local there = first.lnum == 3 and first.col == 11 and first.end_col == 18
check('it stands where the mistake is', there, first)
check('it says what is meant', (first.message or ''):find('did you mean "accounts"?', 1, true), first)
check('it has its code', first.code == nil or first.code == 'V020', first)

vim.api.nvim_buf_set_text(0, 3, 11, 3, 18, { 'accounts' })
check('it goes when it is put right', until_true(function() return #mistakes() == 0 end), mistakes())

go_to('update_account')
local hover = ask('textDocument/hover') or {}
local lines = vim.lsp.util.convert_input_to_markdown_lines(hover.contents or {})
check('a function is explained', table.concat(lines, '\n'):find('PUT /accounts/{id}', 1, true), lines)

go_to('healthScore')
hover = ask('textDocument/hover') or {}
lines = vim.lsp.util.convert_input_to_markdown_lines(hover.contents or {})
check('a field is explained', table.concat(lines, '\n'):find('account.healthScore', 1, true), lines)

vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'for account in accounts() { print(account.heal' })
vim.fn.cursor(vim.fn.line('$'), 1000)
-- A person types behind the last letter.
local params = vim.lsp.util.make_position_params(0, 'utf-16')
params.position.character = #vim.fn.getline('$')
local answers = vim.lsp.buf_request_sync(0, 'textDocument/completion', params, 10000) or {}
local words = {}
for _, answer in pairs(answers) do
  local items = vim.lsp.util.extract_completion_items(answer.result)
  for _, item in ipairs(items) do
    table.insert(words, item.label)
  end
end
check('a field is completed', vim.tbl_contains(words, 'healthScore'), words)

vim.cmd('silent undo')
go_to('late(account)')
vim.lsp.buf.definition()
check('an own function is found', until_true(function() return vim.fn.line('.') == 2 end), vim.fn.line('.'))

go_to('half(4)')
vim.lsp.buf.definition()
local function file()
  return vim.fn.expand('%:t')
end
check('a function of an import is found', until_true(function() return file() == 'numbers.rhai' end), file())
check('on its line', until_true(function() return vim.fn.line('.') == 2 end), vim.fn.line('.'))

vim.cmd('edit! script.rhai')
go_to('plural')
vim.lsp.buf.definition()
check('a built-in function is found', until_true(function() return file():find('%.rhai$') and file() ~= 'script.rhai' end), file())

vim.cmd(failed == 0 and 'qall!' or 'cquit!')
